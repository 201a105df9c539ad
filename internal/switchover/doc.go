// Package switchover tells the story of one switch: plan with the variable,
// let the guard judge the plan, ask, probe, apply, confirm. It prints nothing;
// what happens goes out as events.
package switchover
