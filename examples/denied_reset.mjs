// Explains a reset that was denied, from a log: node denied_reset.mjs LOG UPN
import { argv } from 'node:process'
import { explain, roundtrip } from 'sspr'

const [log, upn] = argv.slice(2)
for await (const batch of roundtrip.operations(log)) {
  for (const { cause, decisive, kind, outcome, person, time } of batch) {
    if (person.user?.toLowerCase() !== upn.toLowerCase()) continue
    if (outcome !== 'failed' && outcome !== 'refused') continue
    console.log(`${time?.toISOString()}: ${kind} ${outcome}`)
    if (cause) console.log(`  ${cause.cause}\n  ${cause.remedy}`)
    if (decisive?.event) console.log(`  rules: ${explain(String(decisive.event)).topics[0].rules.join(', ')}`)
  }
}
