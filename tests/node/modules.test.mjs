// Each module by itself.
import assert from 'node:assert/strict'
import { test } from 'node:test'

import { mkdtempSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as esm from 'sspr'

import { AS_OF, CONTOSO } from './support.mjs'

const { Snapshot, directory, events, explain, forecast, licensing, policy, readiness, schema, tenant, writeback } = esm

test('require and import give the same package', () => {
  const cjs = createRequire(import.meta.url)('sspr')
  assert.equal(esm.default, cjs)
  assert.deepEqual(Object.keys(esm).filter((name) => name !== 'default').sort(), Object.keys(cjs).sort())
  for (const name of Object.keys(cjs)) assert.equal(esm[name], cjs[name], name)
})

test('explain knows codes, and finds them in a text', () => {
  assert.equal(explain('SSPR_0029').topics[0].title, 'OnPremisesAdminActionRequired')
  assert.deepEqual(explain.findAll('Event ID: 33004 ... hr=80230626').map(({ asked }) => asked), ['33004', '80230626'])
  assert.deepEqual(explain.explain('33004'), explain('33004'))
  assert.ok(explain('SSPR40').near.length > 0)
})

test('rules are listed and found', () => {
  assert.ok(readiness.rules().length > 100)
  const rule = readiness.rule('sspr401')
  assert.deepEqual([rule.code, rule.phase, rule.severity, rule.gate], ['SSPR401', 'domainPolicy', 'warning', false])
  assert.equal(readiness.rule('SSPR999'), null)
})

test('a configuration says what it changes', async () => {
  const config = readiness.Configuration.parse('off = ["SSPR401"]')
  assert.deepEqual(config.changes, ['SSPR401 is switched off'])
  const snapshot = await Snapshot.read([])
  const report = await readiness.assess(snapshot, { asOf: AS_OF, config })
  assert.equal(report.finding('SSPR401'), null)
})

test('the schema of a report is JSON', () => {
  assert.equal(JSON.parse(schema('report')).title, 'Report')
})

test('people are walked, found, and asked for their licences', async () => {
  const snapshot = await Snapshot.read(CONTOSO)
  const people = [...snapshot.people()]
  assert.equal(people.length, snapshot.size)
  const jdoe = snapshot.person('JDOE@contoso.com')
  assert.equal(jdoe.synced, true)
  assert.ok(jdoe.passwordSet instanceof Date)
  assert.deepEqual(people.find(({ upn }) => upn === 'jdoe@contoso.com'), jdoe)
  assert.equal(snapshot.person('nobody@contoso.com'), null)
  const licensed = people.map(({ upn }) => snapshot.entitlement(upn)?.licensed)
  assert.ok(licensed.includes('yes') && licensed.includes('no'))
  assert.throws(() => snapshot.entitlement('jdoe@contoso.com', 'destroy'), { name: 'TypeError' })
  const answer = forecast.predict(snapshot, 'jdoe@contoso.com', 'Short1', { asOf: AS_OF, banned: ['contoso'] })
  assert.equal(answer.managed, 'onPremises')
  assert.ok(answer.reset.domain.reasons.length + answer.reset.domain.unknown.length > 0)
  assert.ok(!JSON.stringify(answer).includes('Short1'))
})

test('a policy is built, and says which methods a reset can use', () => {
  const draft = {
    scope: { scope: 'all' },
    methodsRequired: 2,
    methods: ['email', 'mobilePhone'],
    migration: 'preMigration',
  }
  const built = new policy.SsprPolicy(draft)
  assert.ok(built instanceof policy.SsprPolicy)
  assert.equal(built.methodsRequired, 2)
  assert.deepEqual(built.scope, { scope: 'all' })
  const usable = built.usableMethods()
  assert.deepEqual([usable.independent, usable.needed, usable.isEnough], [2, 2, true])
  assert.deepEqual(policy.usableMethods(draft.methods, [], 'preMigration', 2), usable)
  assert.deepEqual(new policy.SsprPolicy(JSON.stringify(built)).settings, built.settings)
  assert.throws(() => policy.usableMethods([], [], 'preMigration', 3), { name: 'TypeError' })
})

test('passwords and names are held against the rules of the cloud', () => {
  const rules = new policy.CloudPasswordRules()
  assert.deepEqual(rules.check('short'), [
    { rule: 'tooShort', minimum: 8 },
    { rule: 'tooFewClasses', found: 1, needed: 3 },
  ])
  assert.deepEqual(policy.CloudPasswordRules.education().check('longenough'), [])
  const banned = new policy.BannedPasswords(['contoso', 'blank'], ['Poll'])
  assert.deepEqual(banned.judge('C0ntos0Blank12'), { verdict: 'tooWeak', score: 4 })
  assert.deepEqual(banned.judge('p0LL23fb'), { verdict: 'containsName' })
  assert.equal(policy.BannedPasswords.checkTerm('abc'), 'tooShort')
  assert.deepEqual(policy.checkUpn('jdoe@contoso.com'), [])
  assert.ok(policy.checkUpn('jdoe').length > 0)
})

test('answers of Graph and the portal are read with their places', () => {
  assert.deepEqual(policy.parseAuthorizationPolicy('{"allowedToUseSSPR":null}'), {
    adminsAllowed: { state: 'null', place: '/allowedToUseSSPR' },
  })
  const blade = policy.parsePasswordResetPolicies(
    JSON.stringify({ enablementType: 2, numberOfAuthenticationMethodsRequired: 2 }),
  )
  assert.equal(blade.draft.methodsRequired, 2)
  assert.deepEqual(blade.methodsRequired, {
    state: 'value',
    value: 2,
    place: '/numberOfAuthenticationMethodsRequired',
  })
  assert.equal(policy.parseOnPremisesPolicies('{}').settings.writeback, undefined)
  assert.equal(policy.parseAuthenticationMethodsPolicy('{}').migration.state, 'absent')
  const found = tenant.parseOrganization({ value: [{ onPremisesSyncEnabled: true }] })
  assert.equal(found.sync.value, 'on')
  assert.equal(tenant.parseOrganization({ value: [] }), null)
  assert.equal(tenant.cloudOfInitialDomain('contoso.onmicrosoft.com'), 'public')
  assert.equal(tenant.containerOf('CN=a\\,b,OU=x,DC=contoso'), 'OU=x,DC=contoso')
})

test('what Graph says of products is read', () => {
  const sku = {
    skuId: 'cbdc14ab-d96c-4c30-b9f4-6ada7cdc1d46',
    skuPartNumber: 'SPB',
    capabilityStatus: 'Enabled',
    consumedUnits: 3,
    prepaidUnits: { enabled: 5 },
    servicePlans: [],
  }
  assert.equal(licensing.parseSubscribedSkus({ value: [sku] })[0].partNumber, 'SPB')
  assert.deepEqual(licensing.parseSubscribedSkus({ value: [] }), [])
  assert.deepEqual(licensing.parseSubscriptions('[]'), [])
})

test('tables are there to be looked at', () => {
  assert.ok(directory.knownGuids().some(({ name }) => name === 'Reset Password'))
  assert.ok(events.causes().some(({ key }) => key === 'accessDenied'))
  assert.ok(policy.administratorRoles().length > 3)
  assert.ok(writeback.releases().some(({ version }) => version === '2.5.79.0'))
  assert.ok(readiness.rules().length > 3)
})

test('a domain answers to a candidate', () => {
  const young = { account: 'jdoe', passwordSet: new Date(AS_OF.getTime() - 1_000) }
  const answer = directory.predict('jdoe1', { minimumAge: 86_400, minimumLength: 8, complexity: true }, AS_OF, 'reset', young)
  assert.ok(JSON.stringify(answer).includes('tooShort'))
  assert.ok(JSON.stringify(answer).includes('tooYoung'))
  assert.throws(() => directory.predict('x', {}, AS_OF, 'reset', { acount: 'jdoe' }), { code: 'value' })
})

test('products and licences are known', () => {
  const [product] = licensing.findProducts('EMSPREMIUM')
  assert.deepEqual(licensing.product(product.id), product)
  assert.equal(licensing.product('nothing'), null)
  const plan = { servicePlanId: '41781fb2-bc02-4b7c-bd55-b576c07bb09d', capabilityStatus: 'Enabled' }
  const user = { onPremisesSyncEnabled: true, assignedPlans: [plan] }
  assert.equal(licensing.entitlement(user).licensed, 'yes')
  assert.equal(licensing.entitlement(JSON.stringify({ ...user, assignedPlans: [] })).licensed, 'no')
  assert.equal(licensing.entitlement({ assignedPlans: [] }), null)
  assert.equal(licensing.entitlement({ ...user, onPremisesSyncEnabled: null, assignedPlans: [] }, null, 'change').licensed, 'yes')
})

test('servers, versions and endpoints are known', () => {
  const server = new writeback.Server({ host: 'aadc01', version: '2.5.79.0', writeback: true })
  assert.deepEqual([server.host, server.version, server.staging], ['aadc01', '2.5.79.0', null])
  assert.equal(new writeback.Server(JSON.stringify(server)).host, 'aadc01')
  assert.equal(writeback.standing('2.5.79.0', AS_OF).support.state, 'ended')
  assert.throws(() => writeback.standing('two', AS_OF), { name: 'TypeError' })
  assert.ok(writeback.endpoints('public').includes('*.servicebus.windows.net'))
  assert.ok(writeback.cloudSyncEndpoints('public').length > 0)
  assert.equal(writeback.windowsFit('Microsoft Windows Server 2022 Standard', '2.5.79.0'), 'supported')
  assert.throws(() => writeback.endpoints('moon'), { name: 'TypeError' })
  assert.deepEqual(writeback.cloudsOfHost('contoso.servicebus.windows.net'), ['public'])
  assert.equal(writeback.WRITEBACK_ROLES.length, 3)
})

test('the directory says who may do what', () => {
  const everyone = new directory.Sid('S-1-1-0')
  assert.deepEqual(directory.Sid.fromBytes(everyone.toBytes()).toString(), `${everyone}`)
  const descriptor = directory.SecurityDescriptor.fromSddl('O:DAD:P(A;;CR;;;WD)', 'S-1-5-21-1-2-3')
  assert.equal(descriptor.owner, 'S-1-5-21-1-2-3-512')
  assert.equal(descriptor.isProtected, true)
  assert.equal(directory.SecurityDescriptor.fromBytes(descriptor.toBytes()).toSddl(), descriptor.toSddl())
  const token = directory.Token.fromMemberships('S-1-5-21-1-2-3-1105', { 'S-1-5-21-1-2-3-1105': ['S-1-5-21-1-2-3-1200'] })
  assert.ok(token.sids.includes('S-1-5-21-1-2-3-1200') && token.sids.includes('S-1-1-0'))
  const granted = directory.check(descriptor, token, 'Reset Password')
  assert.deepEqual([granted.granted, granted.entry, granted.because], ['yes', 0, 'entry'])
  assert.match(granted.reason, /^Reset Password is granted: entry 1 for Everyone/)
  assert.equal(directory.check(descriptor, directory.Token.exact('S-1-5-18', []), 'lockoutTime').granted, 'no')
  assert.throws(() => directory.check(descriptor, token, 'Fly'), { code: 'value' })
  assert.ok(Array.isArray(directory.inheritInto(descriptor)))
})

test('password policies of a domain are read, resolved and compared with the cloud', () => {
  const built = new directory.PasswordPolicy({ minimumLength: 12, minimumAge: 86400, maximumAge: 'never' })
  assert.deepEqual(built.settings.maximumAge, 'never')
  assert.equal(directory.passwordGap({ minimumLength: 12 })[0].example, 'Example1Exa')
  const fine = { name: 'strict', dn: 'CN=strict', precedence: 1, appliesTo: ['CN=jdoe'], policy: { minimumLength: 20 } }
  const found = directory.resultantPolicy([fine], { dn: 'cn=jdoe', groups: [], normal: true })
  assert.deepEqual([found.holds, found.policy.name], ['fineGrained', 'strict'])
  assert.equal(directory.resultantPolicy([], { dn: 'cn=jdoe', normal: true }).holds, 'domain')
  assert.deepEqual(directory.complexity('jdoe-Example1', 'jdoe').faults, [{ rule: 'containsAccountName' }])
  const template = directory.parseTemplate('[System Access]\nMinimumPasswordLength = 14\n')
  assert.equal(template.minimumLength.value, 14)
})

test('what a directory would be asked is told without asking it', () => {
  const settings = { server: 'ldaps://dc01.contoso.com', user: 'reader@contoso.com', folder: 'evidence' }
  const searches = esm.ldap.plan(settings)
  assert.ok(searches.some((search) => search.part === 'people' && search.filter.includes('objectCategory=person')))
  assert.throws(() => esm.ldap.plan({ ...settings, server: 'ldap://dc01.contoso.com' }), { name: 'SsprError' })
  assert.throws(() => esm.ldap.plan({ ...settings, sever: 'x' }), { name: 'SsprError' })
})

test('a directory that does not answer is an error with its code', async () => {
  const settings = { server: 'ldaps://127.0.0.1:9', user: 'reader@contoso.com', folder: join(mkdtempSync(join(tmpdir(), 'sspr-')), 'e'), timeoutSeconds: 1 }
  await assert.rejects(esm.ldap.collect(settings, 'Example-Reader-1'), (error) => {
    assert.equal(error.name, 'SsprError')
    assert.ok(!JSON.stringify(error).includes('Example-Reader-1') && !error.message.includes('Example-Reader-1'))
    return true
  })
})
