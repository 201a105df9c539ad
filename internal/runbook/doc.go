// Package runbook is the page that lies in the drawer for the day when neither
// Terraform's state nor a registry can be reached: a small JSON file that tells
// where every base path points, live and in maintenance, and the AWS CLI calls
// that switch each of them by hand.
//
// Write it while all is well ([Runbook.Save], or [Runbook.Write] to any
// writer), keep it where an outage does not reach, and print its calls with
// [Runbook.Commands] or, as a whole sh script with what to do before and after,
// [Runbook.Script]. It holds ids and names only: no variables, no credentials.
package runbook
