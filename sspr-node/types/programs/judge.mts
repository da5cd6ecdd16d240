// A user's program that the types accept. CI compiles it against the installed package.
import sspr, { type Input, SsprError, assess, events, forecast, policy, readiness, roundtrip, snapshot } from 'sspr'
import { createReadStream } from 'node:fs'

const evidence: Input[] = ['graph/', { name: 'log', data: createReadStream('application.evtx') }]
const report: readiness.Report = await assess(evidence, {
  asOf: new Date('2026-11-20T12:00:00Z'),
  signal: AbortSignal.timeout(60_000),
  progress: ({ stage, bytes }) => console.error(stage, bytes),
})
const verdict: 'pass' | 'fail' | 'unknown' | 'notApplicable' = report.verdict
const at: Date | undefined = report.lastProof?.at
for (const finding of report.findings) {
  if (finding.verdict === 'fail') console.log(finding.code, finding.remedy?.command ?? finding.message)
}
try {
  new policy.SsprPolicy({ scope: { scope: 'all' }, methodsRequired: 2, migration: 'preMigration' })
} catch (error) {
  if (error instanceof SsprError && error.code === 'value') console.log(error.faults)
}
const read = await sspr.Snapshot.read(evidence, { limits: { files: 10 } })
const people: snapshot.Person[] = [...read.people()].filter(({ enabled }) => enabled !== false)
console.log(verdict, at, people.map(({ upn }) => forecast.predict(read, upn, 'Example1').reset.answer))
for await (const batch of events.read('application.evtx', { ids: [33004] })) {
  const first: events.Event | undefined = batch[0]
  console.log(first?.time?.toISOString(), first && events.cause(first)?.remedy)
}
for await (const [operation] of roundtrip.operations('application.evtx')) console.log(operation?.outcome)
const table: Buffer = await events.readArrow('application.evtx')
console.log(table.length)
