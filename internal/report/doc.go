// Package report writes what happened in a switch as one HTML file that needs
// nothing beside it: no script, font, style or picture from elsewhere, so it
// can be mailed, attached to a ticket or printed, and still opens in ten years.
//
// The caller fills a [Data] and hands it to [Write]. Data has no place for
// values of variables: of a plan it takes addresses, actions, and the API and
// stage of each mapping before and after.
package report
