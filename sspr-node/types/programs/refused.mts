// What the types refuse: every line that is marked has to be an error, and no other.
import { assess, events, policy, roundtrip, snapshot, watch, writeback, type readiness } from 'sspr'

const report = await assess('graph/')
// @ts-expect-error
console.log(report.findngs)
// @ts-expect-error
console.log(report.findings[0]?.mesage)
// @ts-expect-error
report.verdict = 'pass'
// @ts-expect-error
await assess('graph/', { asOff: new Date() })
// @ts-expect-error
await assess('graph/', { asOf: '2026-11-20' })
// @ts-expect-error
new policy.SsprPolicy({ methodRequired: 2 })
// @ts-expect-error
new policy.SsprPolicy({ migration: 'preMigraton' })
// @ts-expect-error
writeback.endpoints('moon')
// @ts-expect-error
const verdict: readiness.Verdict = 'passed'
// @ts-expect-error
for (const batch of events.read('x')) console.log(batch)
// @ts-expect-error
await snapshot.readOperations('logs/', { ids: [33004] })
// @ts-expect-error
events.readAudit('audit.json', { providers: [] })
// @ts-expect-error
new roundtrip.Correlator({ people: [{ upn: 'jdoe@contoso.com' }] })
// @ts-expect-error
new watch.Watch('logs/').untold = []
// @ts-expect-error
await watch.WatchState.load()
console.log(verdict)
