"""The loops that people write today: MODE ROOT CA TOKEN FOLDER

`list` keeps all users and writes them at the end; `pages` writes each page as it comes. Both print the
highest peak of resident memory in KiB and the seconds of the processor.
"""

import json
import os
import resource
import ssl
import sys

import httpx

SELECT = (
    "id,userPrincipalName,accountEnabled,userType,usageLocation,onPremisesSyncEnabled,"
    "onPremisesDistinguishedName,onPremisesDomainName,onPremisesLastSyncDateTime,"
    "lastPasswordChangeDateTime,passwordPolicies,assignedLicenses,licenseAssignmentStates"
)


def pages(client, url):
    while url:
        answer = client.get(url)
        answer.raise_for_status()
        page = answer.json()
        yield page["value"]
        url = page.get("@odata.nextLink")


def main(mode, root, ca, token, folder):
    os.mkdir(folder)
    with open(token) as file:
        headers = {"Authorization": "Bearer " + file.read()}
    context = ssl.create_default_context(cafile=ca)
    first = f"{root}/v1.0/users?$top=999&$select={SELECT}"
    with (
        httpx.Client(verify=context, headers=headers, timeout=60) as client,
        open(os.path.join(folder, "users.json"), "w") as out,
    ):
        if mode == "list":
            users = []
            for page in pages(client, first):
                users.extend(page)
            json.dump(users, out)
        else:
            for page in pages(client, first):
                for user in page:
                    out.write(json.dumps(user) + "\n")
    used = resource.getrusage(resource.RUSAGE_SELF)
    print(used.ru_maxrss, used.ru_utime + used.ru_stime)


main(*sys.argv[1:])
