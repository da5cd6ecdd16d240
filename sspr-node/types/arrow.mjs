// Reads the IPC bytes of events, of audit records and of operations with apache-arrow, and compares them with the rows.
import assert from 'node:assert/strict'
import { argv } from 'node:process'

import { tableFromIPC } from 'apache-arrow'
import { events, roundtrip } from 'sspr'

const log = argv[2]
const records = Array.from({ length: 150 }, (_, number) => ({
  activityDisplayName: 'Reset password (self-service)',
  activityDateTime: new Date(Date.UTC(2026, 10, 20, 8, 0, number)).toISOString(),
  loggedByService: 'Self-service Password Management',
  result: number % 3 ? 'success' : 'failure',
  targetResources: [{ type: 'User', userPrincipalName: `person${number}@contoso.com` }],
}))
const audit = () => ({ name: 'audit.json', data: JSON.stringify(records) })
for (const [bytes, stream, columns] of [
  [await events.readArrow(log), events.read(log), ['id', 'provider']],
  [await events.readAuditArrow(audit()), events.readAudit(audit()), ['activity', 'result', 'target']],
  [await roundtrip.readArrow(log), roundtrip.operations(log), ['kind', 'outcome']],
]) {
  const table = tableFromIPC(bytes)
  let row = 0
  for await (const batch of stream) {
    for (const expected of batch) {
      for (const column of columns) assert.equal(table.getChild(column).get(row), expected[column])
      row += 1
    }
  }
  assert.equal(table.numRows, row)
  assert.ok(row > 100)
}
console.log('apache-arrow reads all three tables')
