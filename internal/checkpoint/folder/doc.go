// Package folder keeps checkpoints and the list of workers in a folder, for the
// workers of one machine.
//
// Every key has a folder of its own in checkpoints/, and every epoch a file in it,
// named by its number: the highest counts, the others are rubbish. A save writes a
// file beside it, syncs it, renames it and syncs the folder, so that a reader sees
// the old file or the new one whatever dies. There is no lock that a stopped
// process could keep from its successor: what that writes when it wakes up has a
// lower number, and nobody looks at it.
package folder
