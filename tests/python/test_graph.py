"""A tenant that is read through Graph, from a server that behaves as Graph does."""

import asyncio
import json
import os
import pathlib
import tempfile
import unittest

import sspr
from sspr.graph import Bounds, Client, Rates, SignIn, collect, collect_async, elsewhere, plan

from support import AS_OF, REPORTS

GRAPH = json.loads((REPORTS / "graph.json").read_text("utf-8"))
WHERE = {
    "root": GRAPH["root"],
    "ca_file": GRAPH["authority"],
}
APPLICATION = {
    **WHERE,
    "authority": GRAPH["root"],
    "tenant": "contoso.onmicrosoft.com",
    "client_id": GRAPH["clientId"],
}
TOKEN = SignIn.token(GRAPH["token"])


class Collecting(unittest.TestCase):
    def setUp(self):
        self.scratch = tempfile.TemporaryDirectory()
        self.addCleanup(self.scratch.cleanup)
        self.folder = pathlib.Path(self.scratch.name) / "graph"

    def test_what_is_collected_is_evidence(self):
        secret = SignIn.client_secret(GRAPH["clientSecret"])
        seen = []
        collected = collect(self.folder, secret, progress=seen.append, **APPLICATION)
        self.assertTrue(collected.complete)
        self.assertEqual(collected.initial_domain, "contoso.onmicrosoft.com")
        self.assertGreater(collected.people, 90)
        self.assertTrue(seen)
        report = sspr.assess(self.folder, as_of=AS_OF)
        self.assertEqual(report.finding("SSPR701").verdict, "pass")

    def test_the_same_on_asyncio(self):
        async def run():
            steps = []
            collected = await collect_async(self.folder, TOKEN, progress=steps.append, **WHERE)
            self.assertTrue(steps)
            return collected

        self.assertTrue(asyncio.run(run()).complete)

    def test_a_cancelled_task_stops_the_run_and_it_can_be_resumed(self):
        async def run():
            first = asyncio.Event()
            loop = asyncio.get_running_loop()

            def hear(_):
                loop.call_soon_threadsafe(first.set)

            task = asyncio.create_task(collect_async(self.folder, TOKEN, progress=hear, **WHERE))
            await first.wait()
            task.cancel()
            with self.assertRaises(asyncio.CancelledError):
                await task

        asyncio.run(run())
        self.assertTrue(collect(self.folder, TOKEN, resume=True, **WHERE).complete)

    def test_a_provider_gives_tokens_and_what_it_raises_is_raised(self):
        asked = []

        def provide(claims):
            asked.append(claims)
            return GRAPH["token"], AS_OF.replace(year=2100)

        collected = collect(self.folder, SignIn.provider(provide), **WHERE)
        self.assertTrue(collected.complete)
        self.assertEqual(asked, [None])

        def fail(_):
            raise LookupError("the broker is away")

        with self.assertRaisesRegex(LookupError, "the broker is away"):
            collect(self.folder.with_name("other"), SignIn.provider(fail), **WHERE)
        with self.assertRaises(TypeError):
            collect(self.folder.with_name("third"), SignIn.provider(lambda _: 5), **WHERE)

    def test_no_secret_is_shown(self):
        secret = SignIn.client_secret("Example-Secret-1")
        self.assertNotIn("Example-Secret-1", repr(secret))
        with self.assertRaises(sspr.SsprError) as caught:
            collect(self.folder, secret, **APPLICATION)
        self.assertNotIn("Example-Secret-1", str(caught.exception))

    @unittest.skipUnless(os.name == "posix", "modes are those of POSIX")
    def test_the_evidence_is_for_its_owner_alone(self):
        collect(self.folder, TOKEN, **WHERE)
        self.assertEqual(self.folder.stat().st_mode & 0o077, 0)

    def test_what_progress_raises_stops_the_run(self):
        def enough(_):
            raise KeyError("enough")

        with self.assertRaises(KeyError):
            collect(self.folder, TOKEN, progress=enough, **WHERE)


class Asking(unittest.TestCase):
    def test_a_client_gives_answers_pages_and_batches(self):
        client = Client(TOKEN, **WHERE)
        organization = json.loads(client.get("/v1.0/organization"))
        self.assertEqual(len(organization["value"]), 1)
        pages = client.pages("/v1.0/users?$select=id&$top=50")
        people = [user for page in pages for user in json.loads(page)["value"]]
        self.assertGreater(len(pages), 1)
        self.assertEqual(len(people), len({user["id"] for user in people}))
        first, missing = client.batch(["/v1.0/organization", "/v1.0/nothing"])
        self.assertIn("value", json.loads(first))
        self.assertIsInstance(missing, sspr.SsprError)

    def test_rates_and_bounds_have_the_documented_defaults(self):
        self.assertEqual(Rates().reports, 5)
        self.assertEqual(Bounds(pages=7).pages, 7)
        with self.assertRaises(sspr.SsprError):
            Client(TOKEN, rates=Rates(reports=0), **WHERE)


class Planning(unittest.TestCase):
    def test_every_request_is_told_without_asking_anybody(self):
        requests = plan()
        users = [request for request in requests if request.part == "users"]
        self.assertEqual(users[0].permission, "User.Read.All")
        self.assertTrue(all(request.url.startswith("https://graph.microsoft.com/") for request in requests))
        self.assertTrue(any(request.beta for request in plan(beta=True)))
        with self.assertRaises(sspr.SsprError):
            plan(cloud="atlantis")
        with self.assertRaises(sspr.SsprError):
            plan(root="http://graph.contoso.com")

    def test_what_graph_does_not_tell_is_listed(self):
        self.assertTrue(all(one.how for one in elsewhere()))


if __name__ == "__main__":
    unittest.main()
