// Lists who lacks a licence for a reset that is written back: node unlicensed_people.mjs EVIDENCE
import { argv } from 'node:process'
import { Snapshot } from 'sspr'

const snapshot = await Snapshot.read(argv[2])
for (const { enabled, synced, upn } of snapshot.people()) {
  if (!enabled || !synced) continue
  const answer = snapshot.entitlement(upn, 'reset')
  if (answer?.licensed === 'no') console.log(`${upn}: ${answer.because}`)
}
