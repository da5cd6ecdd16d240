// A user's program that the types accept. CI compiles it against the installed package.
import sspr, { type Input, SsprError, assess, events, forecast, policy, readiness, roundtrip, snapshot, watch } from 'sspr'
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

const joined: snapshot.OperationsRead = await snapshot.readOperations(['logs/', 'audit.json'], {
  timeZone: 'Europe/Berlin',
  jobs: 4,
  since: new Date('2026-11-01T00:00:00Z'),
})
const failed = joined.operations.find(({ outcome }) => outcome === 'failed')
if (failed) console.log((await snapshot.readSupport('logs/', failed)).text())
const perHour: [string, roundtrip.Moment][] = Object.entries(joined.statistics.hours)
const clock: number | null | undefined = joined.summary.skews[0]?.offset
console.log(perHour.length, clock, joined.logs.skipped.map(({ reason }) => reason.code))
for await (const batch of events.readAudit('audit.json')) console.log(batch.map(({ activity, agent }) => [activity, agent]))

const correlator = new roundtrip.Correlator({ people: [{ user: 'jdoe@contoso.com', account: 'jdoe' }], skew: 60_000 })
correlator.pushEvent({ ...events.parseEvent('<Event/>'), time: new Date() }, 1)
correlator.pushAudit({ time: new Date(), activity: 'reset', name: 'Reset password', result: 'success', byApplication: false })
const { operations, summary }: roundtrip.Correlated = await correlator.finish()
console.log(operations.length, summary.late)

const watched = new watch.Watch('logs/', { state: await watch.WatchState.load('watch.json'), burst: 20 })
const followed: snapshot.Followed = await watched.look({ signal: AbortSignal.timeout(60_000) })
await watched.state.save('watch.json')
for (const notice of watched.untold) console.log(notice.kind, notice.message, followed.files)
watched.told(watched.untold.length)
