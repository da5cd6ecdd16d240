// Reads the IPC bytes of events and of operations with apache-arrow, and compares them with the rows.
import assert from 'node:assert/strict'
import { argv } from 'node:process'

import { tableFromIPC } from 'apache-arrow'
import { events, roundtrip } from 'sspr'

const log = argv[2]
for (const [bytes, stream, columns] of [
  [await events.readArrow(log), events.read(log), ['id', 'provider']],
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
console.log('apache-arrow reads both tables')
