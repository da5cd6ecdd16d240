// Judges a tenant and acts on the findings: node judge_tenant.mjs EVIDENCE
import { argv } from 'node:process'
import { assess } from 'sspr'

const [evidence, day] = argv.slice(2)
const report = await assess(evidence, { asOf: day ? new Date(day) : new Date() })
if (report.people) console.log(`${report.people.hit} of ${report.people.inScope} people cannot reset`)
for (const { code, remedy, severity, subjects, title, verdict } of report.findings) {
  if (verdict !== 'fail' || severity !== 'error') continue
  console.log(`${code} (${subjects?.count ?? 'all'}): ${title}`)
  if (remedy?.command) console.log(`  ${remedy.command}`)
}
if (!report.gatesSettled && report.collect.length > 0) console.log(`collect next: ${report.collect[0].what}`)
process.exitCode = report.verdict === 'pass' ? 0 : 1
