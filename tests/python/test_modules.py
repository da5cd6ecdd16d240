"""Each module does what its Rust twin does."""

import json
import pickle
import tempfile
import unittest
from datetime import date, timedelta

import sspr
from sspr import directory, explain, forecast, licensing, policy, tenant, writeback
from support import AS_OF, BLADE, EXAMPLES

P1 = "41781fb2-bc02-4b7c-bd55-b576c07bb09d"


class Policy(unittest.TestCase):
    def test_a_policy_is_built_and_judged_alone(self):
        draft = policy.PolicyDraft(
            scope="all",
            methods_required=2,
            methods=[policy.LegacyMethod.EMAIL, "mobilePhone"],
            migration="preMigration",
            integration=policy.IntegrationSettings(writeback=True),
        )
        made = policy.SsprPolicy(draft)
        self.assertEqual(made.scope.kind, "all")
        self.assertEqual(made.methods_required, 2)
        usable = made.usable_methods()
        self.assertEqual((usable.independent, usable.needed, usable.is_enough), (2, 2, True))
        self.assertEqual(policy.PolicyDraft.from_json(draft.to_json()), draft)
        for value in (draft, made):
            self.assertEqual(pickle.loads(pickle.dumps(value)), value)
            self.assertEqual(hash(pickle.loads(pickle.dumps(value))), hash(value))
        self.assertEqual(made.to_dict()["integration"], {"writeback": True})

    def test_exports_are_parsed_from_any_form_of_json(self):
        for form in (BLADE, json.dumps(BLADE), json.dumps(BLADE).encode()):
            read = policy.parse_password_reset_policies(form)
            self.assertEqual(read.draft.scope.kind, "none")
            # The blade has four more switches.
            self.assertEqual([fault.place for fault in read.faults], ["/mobileAppNotificationEnabled"])
        bad = policy.parse_password_reset_policies({**BLADE, "enablementType": "x"})
        self.assertIsNone(bad.draft.scope)
        self.assertEqual(bad.faults[0].place, "/enablementType")
        self.assertTrue(policy.parse_authorization_policy({"allowedToUseSSPR": True}).admins_allowed)
        methods = policy.parse_authentication_methods_policy(
            {
                "policyMigrationState": "migrationComplete",
                "authenticationMethodConfigurations": [{"id": "Sms", "state": "enabled"}],
            }
        )
        self.assertEqual(methods.migration, "migrationComplete")
        self.assertEqual(methods.methods[0].kind, "sms")

    def test_passwords_and_names(self):
        rules = policy.CloudPasswordRules()
        self.assertEqual([fault.rule for fault in rules.check("short")], ["tooShort", "tooFewClasses"])
        self.assertEqual(rules.check("Example1!"), [])
        banned = policy.BannedPasswords(["contoso"], names=["jdoe"])
        self.assertEqual(banned.judge("C0nt0s0!").verdict, "isBannedTerm")
        self.assertEqual(policy.BannedPasswords.check_term("abc"), "tooShort")
        self.assertEqual([fault.rule for fault in policy.check_upn("jdoe")], ["form"])
        self.assertEqual(policy.check_upn("jdoe@contoso.com"), [])


class Licensing(unittest.TestCase):
    def test_products(self):
        self.assertIn("Microsoft Entra ID P1", [p.name for p in licensing.find_products("AAD_PREMIUM")])
        first = licensing.find_products("ENTERPRISEPACK")[0]
        self.assertEqual(licensing.product(first.id), first)
        self.assertIsNone(licensing.product("11111111-1111-1111-1111-111111111111"))

    def test_a_users_entitlement(self):
        user = {
            "id": "11111111-1111-1111-1111-111111111111",
            "onPremisesSyncEnabled": True,
            "assignedPlans": [{"servicePlanId": P1, "capabilityStatus": "Enabled"}],
        }
        answer = licensing.entitlement(user, None)
        self.assertEqual(answer.licensed, licensing.Licensed.YES)
        self.assertEqual(answer.technically_available, "yes")
        self.assertEqual(str(answer.cause), "Microsoft Entra ID P1 or P2 is assigned")
        none = licensing.entitlement({**user, "assignedPlans": []}, {"value": []}, operation="change")
        self.assertEqual((none.licensed, none.technically_available), ("no", "no"))
        self.assertIsNone(licensing.entitlement({"id": user["id"]}, None))

    def test_people_of_a_snapshot(self):
        snapshot = sspr.Snapshot.read([f"{EXAMPLES}/contoso"])
        people = list(snapshot.people)
        self.assertEqual(len(people), 123)
        person = snapshot.person("ADOE@contoso.com")
        self.assertIn(person, people)
        self.assertEqual(snapshot.person(person.id), person)
        self.assertTrue(person.enabled and person.synced)
        self.assertEqual(person.entitlement().licensed, "yes")
        self.assertEqual(person.to_dict()["container"], "OU=Sales,OU=Staff,DC=contoso,DC=com")
        self.assertIsNone(snapshot.person("nobody@contoso.com"))
        unlicensed = [p for p in people if p.enabled and p.synced and p.entitlement().licensed == "no"]
        self.assertGreater(len(unlicensed), 10)


class Tenant(unittest.TestCase):
    def test_an_organization(self):
        found = tenant.parse_organization(
            {
                "value": [
                    {
                        "id": "11111111-1111-1111-1111-111111111111",
                        "onPremisesSyncEnabled": True,
                        "verifiedDomains": [{"name": "contoso.onmicrosoft.com", "isInitial": True}],
                    }
                ]
            }
        )
        self.assertEqual(found.sync, tenant.SyncState.ON)
        self.assertEqual((found.initial_domain, found.cloud), ("contoso.onmicrosoft.com", "public"))


class Writeback(unittest.TestCase):
    def test_a_server_is_built_or_all_its_faults_are_listed(self):
        draft = writeback.ServerDraft(
            "aadc01.contoso.com",
            version="2.5.79.0",
            service=writeback.SyncService("ADSync", state="running", start="automatic"),
            connectors=[writeback.Connector("contoso.com")],
        )
        server = writeback.Server(draft)
        self.assertEqual(server.settings.service.state, writeback.ServiceState.RUNNING)
        self.assertEqual(pickle.loads(pickle.dumps(server)), server)
        with self.assertRaises(sspr.PolicyError) as caught:
            writeback.Server(writeback.ServerDraft("no host", connectors=[writeback.Connector("")]))
        self.assertEqual(len(caught.exception.faults), 2)

    def test_versions_endpoints_and_roles(self):
        standing = writeback.standing("2.5.76.0", AS_OF)
        self.assertEqual(standing.stopped_by.version, "2.5.79.0")
        self.assertIsInstance(standing.stopped_by.day, date)
        self.assertIn("*.servicebus.windows.net", writeback.endpoints(tenant.Cloud.PUBLIC))
        self.assertTrue(writeback.cloud_sync_endpoints("public"))
        self.assertEqual(len(writeback.writeback_roles()), 3)
        self.assertEqual(writeback.certificate_state(AS_OF - timedelta(days=1), AS_OF), "expired")


class Directory(unittest.TestCase):
    ACCOUNT = "S-1-5-21-1-2-3-1104"
    SDDL = f"O:SYD:AI(OA;CIID;CR;00299570-246d-11d0-a768-00aa006e0529;;{ACCOUNT})(A;;RC;;;WD)"

    def test_the_access_check_and_its_reason(self):
        descriptor = directory.SecurityDescriptor.from_sddl(self.SDDL)
        token = directory.Token.exact(self.ACCOUNT, ["S-1-1-0"])
        decision = directory.check(descriptor, token, "Reset Password")
        self.assertTrue(decision)
        self.assertEqual((decision.granted, decision.entry, decision.because), ("yes", 0, "entry"))
        self.assertEqual(str(decision.ace.sid), self.ACCOUNT)
        self.assertEqual(decision.ace.object_name, "Reset Password")
        self.assertIn("entry 1", decision.reason)
        denied = directory.check(descriptor, token, "lockoutTime")
        self.assertFalse(denied)
        self.assertIsNone(denied.ace)
        nested = directory.Token.from_memberships(
            "S-1-5-21-1-2-3-1", {"S-1-5-21-1-2-3-1": [self.ACCOUNT]}
        )
        self.assertTrue(directory.check(descriptor, nested, "Reset Password"))
        with self.assertRaises(sspr.InputError):
            directory.check(descriptor, token, "Fly")

    def test_descriptors_and_sids_in_every_form(self):
        descriptor = directory.SecurityDescriptor.from_sddl(self.SDDL)
        again = directory.SecurityDescriptor.from_bytes(descriptor.to_bytes())
        self.assertEqual(again, descriptor)
        self.assertEqual(pickle.loads(pickle.dumps(descriptor)), descriptor)
        self.assertEqual(descriptor.to_sddl(), again.to_sddl())
        self.assertEqual(str(descriptor.owner), "S-1-5-18")
        self.assertFalse(descriptor.is_protected)
        self.assertEqual(len(descriptor.aces), 2)
        self.assertIsNone(directory.SecurityDescriptor.from_sddl("O:SY").aces)
        sid = directory.Sid(self.ACCOUNT)
        self.assertEqual(directory.Sid.from_bytes(sid.to_bytes()), sid)
        self.assertEqual((sid.rid, str(sid.domain)), (1104, "S-1-5-21-1-2-3"))
        self.assertLess(directory.Sid("S-1-5-18"), sid)
        self.assertEqual(len({sid, directory.Sid(self.ACCOUNT)}), 1)
        self.assertEqual(pickle.loads(pickle.dumps(sid)), sid)
        inherited = directory.inherit_into(descriptor.aces)
        self.assertEqual([ace.inherited for ace in inherited], [True])

    def test_password_policies(self):
        draft = directory.PasswordPolicyDraft(
            minimum_age=timedelta(days=1), maximum_age=timedelta.max, minimum_length=10
        )
        self.assertEqual(draft.minimum_age, timedelta(days=1))
        self.assertEqual(draft.maximum_age, timedelta.max)
        self.assertEqual(draft.to_dict()["minimumAge"], 86400)
        self.assertEqual(draft.to_dict()["maximumAge"], "never")
        self.assertEqual(directory.PasswordPolicy(draft).settings, draft)
        with self.assertRaises(sspr.PolicyError) as caught:
            directory.PasswordPolicy(
                directory.PasswordPolicyDraft(
                    minimum_age=timedelta(days=9), maximum_age=timedelta(days=3)
                )
            )
        self.assertEqual(caught.exception.faults[0].field, "minimumAge")
        self.assertEqual(directory.password_gap(draft)[0].kind, "tooShort")

    def test_the_resultant_policy(self):
        fine = directory.FineGrainedPolicy(
            "Staff",
            dn="CN=Staff,CN=Password Settings Container,CN=System,DC=contoso,DC=com",
            precedence=10,
            policy=directory.PasswordPolicyDraft(minimum_length=12),
            guid="11111111-1111-1111-1111-111111111111",
            applies_to=["CN=All,DC=contoso,DC=com"],
        )
        subject = directory.PolicySubject(
            "CN=jdoe,DC=contoso,DC=com", groups=["CN=All,DC=contoso,DC=com"]
        )
        found = directory.resultant_policy([fine], subject)
        self.assertEqual((found.decided, found.policy), ("fineGrained", fine))
        self.assertEqual(found.through_group, "CN=All,DC=contoso,DC=com")
        other = directory.PolicySubject("CN=x,DC=contoso,DC=com", groups=[])
        self.assertEqual(directory.resultant_policy([fine], other).decided, "domain")

    def test_exports_and_predictions(self):
        template = directory.parse_template("[System Access]\r\nMinimumPasswordAge = 1\r\n")
        self.assertEqual(template.draft.minimum_age, timedelta(days=1))
        self.assertIsNone(template.draft.history)
        self.assertEqual(template.faults, [])
        self.assertEqual(directory.complexity("jdoe1234", "jdoe").faults[0].rule, "containsAccountName")
        answer = directory.predict(
            "Example1", directory.PasswordPolicyDraft(minimum_length=12), as_of=AS_OF
        )
        self.assertEqual(answer.refusals[0].reason, "tooShort")
        self.assertEqual(answer.refusals[0].minimum, 12)


class Forecast(unittest.TestCase):
    def test_what_becomes_of_a_password(self):
        snapshot = sspr.Snapshot.read([f"{EXAMPLES}/contoso"])
        found = forecast.predict(snapshot, "adoe@contoso.com", "short", as_of=AS_OF)
        self.assertEqual(found.reset.answer, forecast.Answer.REFUSED)
        self.assertEqual(found.policy.name, "contoso.com")
        self.assertTrue(found.policy.certain)
        self.assertEqual(found.managed, forecast.Managed.ON_PREMISES)
        self.assertIn("adoe@contoso.com", str(found))


class Explain(unittest.TestCase):
    def test_codes_and_pasted_text(self):
        answer = explain.explain("SSPR_0029")
        self.assertTrue(answer.found)
        self.assertEqual(answer.topics[0].title, "OnPremisesAdminActionRequired")
        self.assertIs(answer.topics[0].kind, explain.TopicKind.USER_CODE)
        names = [one.asked for one in explain.find_all("Event ID: 33004 ... hr=80230626")]
        self.assertEqual(names, ["33004", "80230626"])
        self.assertFalse(explain.explain("zzz").found)

    def test_the_schema(self):
        self.assertEqual(json.loads(sspr.schema.schema("report"))["title"], "Report")


class Ldap(unittest.TestCase):
    SERVER = "ldaps://dc01.contoso.com"
    USER = "reader@contoso.com"

    def test_what_a_directory_would_be_asked_is_told_without_asking_it(self):
        searches = sspr.ldap.plan(self.SERVER, self.USER)
        people = [search for search in searches if search.part == "people"]
        self.assertIn("objectCategory=person", people[0].filter)
        with self.assertRaises(sspr.SsprError):
            sspr.ldap.plan("ldap://dc01.contoso.com", self.USER)

    def test_a_directory_that_does_not_answer_is_an_error_without_the_password(self):
        with tempfile.TemporaryDirectory() as folder, self.assertRaises(sspr.SsprError) as caught:
            sspr.ldap.collect(
                "ldaps://127.0.0.1:9", self.USER, "Example-Reader-1", folder + "/e", timeout_seconds=1
            )
        self.assertNotIn("Example-Reader-1", str(caught.exception))


if __name__ == "__main__":
    unittest.main()
