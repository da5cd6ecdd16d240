
using namespace System.Management.Automation
using namespace System.Management.Automation.Language

Register-ArgumentCompleter -Native -CommandName 'sspr' -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)

    $commandElements = $commandAst.CommandElements
    $command = @(
        'sspr'
        for ($i = 1; $i -lt $commandElements.Count; $i++) {
            $element = $commandElements[$i]
            if ($element -isnot [StringConstantExpressionAst] -or
                $element.StringConstantType -ne [StringConstantType]::BareWord -or
                $element.Value.StartsWith('-') -or
                $element.Value -eq $wordToComplete) {
                break
        }
        $element.Value
    }) -join ';'

    $completions = @(switch ($command) {
        'sspr' {
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('assess', 'assess', [CompletionResultType]::ParameterValue, 'Judge evidence: what is right, what will break and for whom, what is still unknown')
            [CompletionResult]::new('explain', 'explain', [CompletionResultType]::ParameterValue, 'Say what a code, event, error or licence is, and what to do about it')
            [CompletionResult]::new('events', 'events', [CompletionResultType]::ParameterValue, 'List the events of Windows logs, and the records of the tenant''s audit log, in any form')
            [CompletionResult]::new('roundtrip', 'roundtrip', [CompletionResultType]::ParameterValue, 'Follow password operations through the logs: what became of each, and why')
            [CompletionResult]::new('watch', 'watch', [CompletionResultType]::ParameterValue, 'Follow logs while they grow: tell failures, bursts and silence as they happen')
            [CompletionResult]::new('password', 'password', [CompletionResultType]::ParameterValue, 'Say whether a password would be taken for a person, in the cloud and in the domain, and why not')
            [CompletionResult]::new('attest', 'attest', [CompletionResultType]::ParameterValue, 'State by hand what no export holds: asks a few questions and writes attested.toml')
            [CompletionResult]::new('collect', 'collect', [CompletionResultType]::ParameterValue, 'Get evidence')
            [CompletionResult]::new('schema', 'schema', [CompletionResultType]::ParameterValue, 'Print a JSON Schema')
            break
        }
        'sspr;assess' {
            [CompletionResult]::new('--as-of', '--as-of', [CompletionResultType]::ParameterName, 'The time the verdict is for: RFC 3339 or a date [default: now]')
            [CompletionResult]::new('--observed-at', '--observed-at', [CompletionResultType]::ParameterName, 'When evidence was observed that does not tell it itself: RFC 3339 or a date')
            [CompletionResult]::new('--time-zone', '--time-zone', [CompletionResultType]::ParameterName, 'The zone of times that come without one: Europe/Berlin, or an offset such as +01:00')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How the report is written')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Write the report to a file instead of standard output')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Write the report to a file instead of standard output')
            [CompletionResult]::new('--fail-on', '--fail-on', [CompletionResultType]::ParameterName, 'The least severity that makes the exit code 1')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Severities, thresholds, exclusions and rules to switch off, in TOML')
            [CompletionResult]::new('--details', '--details', [CompletionResultType]::ParameterName, 'Show every rule, with its evidence')
            [CompletionResult]::new('--allow-unknown', '--allow-unknown', [CompletionResultType]::ParameterName, 'Exit with 0 where the answer is not settled and no fault was found')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'sspr;explain' {
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'sspr;events' {
            [CompletionResult]::new('--since', '--since', [CompletionResultType]::ParameterName, 'From this time on: RFC 3339 or a date')
            [CompletionResult]::new('--until', '--until', [CompletionResultType]::ParameterName, 'Before this time: RFC 3339 or a date')
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'Of one person, by user principal name')
            [CompletionResult]::new('--tracking-id', '--tracking-id', [CompletionResultType]::ParameterName, 'Of one operation')
            [CompletionResult]::new('--time-zone', '--time-zone', [CompletionResultType]::ParameterName, 'The zone of times that come without one: Europe/Berlin, or an offset such as +01:00')
            [CompletionResult]::new('--jobs', '--jobs', [CompletionResultType]::ParameterName, 'How many threads read: several files, and the parts of one .evtx, at once')
            [CompletionResult]::new('--provider', '--provider', [CompletionResultType]::ParameterName, 'Of these providers; `*` is all [default: PasswordResetService]')
            [CompletionResult]::new('--id', '--id', [CompletionResultType]::ParameterName, 'With these ids')
            [CompletionResult]::new('--outcome', '--outcome', [CompletionResultType]::ParameterName, 'That tell of a success or a failure')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How they are written')
            [CompletionResult]::new('--verify', '--verify', [CompletionResultType]::ParameterName, 'Examine every part of an .evtx, also those in which no wanted provider is named')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'sspr;roundtrip' {
            [CompletionResult]::new('--since', '--since', [CompletionResultType]::ParameterName, 'From this time on: RFC 3339 or a date')
            [CompletionResult]::new('--until', '--until', [CompletionResultType]::ParameterName, 'Before this time: RFC 3339 or a date')
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'Of one person, by user principal name')
            [CompletionResult]::new('--tracking-id', '--tracking-id', [CompletionResultType]::ParameterName, 'Of one operation')
            [CompletionResult]::new('--time-zone', '--time-zone', [CompletionResultType]::ParameterName, 'The zone of times that come without one: Europe/Berlin, or an offset such as +01:00')
            [CompletionResult]::new('--jobs', '--jobs', [CompletionResultType]::ParameterName, 'How many threads read: several files, and the parts of one .evtx, at once')
            [CompletionResult]::new('--outcome', '--outcome', [CompletionResultType]::ParameterName, 'That ended so; several are set apart by commas')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How they are written')
            [CompletionResult]::new('--verify', '--verify', [CompletionResultType]::ParameterName, 'Examine every part of an .evtx, also those in which no wanted provider is named')
            [CompletionResult]::new('--support-bundle', '--support-bundle', [CompletionResultType]::ParameterName, 'Print what support asks for about the latest operation that did not succeed')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'sspr;watch' {
            [CompletionResult]::new('--state', '--state', [CompletionResultType]::ParameterName, 'Keep here how far it came, and go on from there')
            [CompletionResult]::new('--since', '--since', [CompletionResultType]::ParameterName, 'Tell what happened from this time on, in the first run: RFC 3339 or a date [default: now]')
            [CompletionResult]::new('--interval', '--interval', [CompletionResultType]::ParameterName, 'How often to look: 10s, 5m, 1h')
            [CompletionResult]::new('--silence', '--silence', [CompletionResultType]::ParameterName, 'How long a log may get no record before that is told; 0s never tells')
            [CompletionResult]::new('--burst', '--burst', [CompletionResultType]::ParameterName, 'How many operations, or failures, in an hour may be a burst')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How notices are written')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Append to a file instead of writing to standard output')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Append to a file instead of writing to standard output')
            [CompletionResult]::new('--exec', '--exec', [CompletionResultType]::ParameterName, 'Run a program for new notices, with JSON lines on its standard input')
            [CompletionResult]::new('--post', '--post', [CompletionResultType]::ParameterName, 'Post new notices to this address, as JSON lines (application/x-ndjson)')
            [CompletionResult]::new('--post-env', '--post-env', [CompletionResultType]::ParameterName, 'Take the address from a variable of the environment, for one that lets in whoever knows it')
            [CompletionResult]::new('--header-env', '--header-env', [CompletionResultType]::ParameterName, 'Send a header with its value from a variable of the environment')
            [CompletionResult]::new('--ca', '--ca', [CompletionResultType]::ParameterName, 'Also trust the authorities in this file (PEM)')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'How long a request may take')
            [CompletionResult]::new('--refusals', '--refusals', [CompletionResultType]::ParameterName, 'Tell of every password that the domain refused, too')
            [CompletionResult]::new('--once', '--once', [CompletionResultType]::ParameterName, 'Look once, and end')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'sspr;password' {
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'The person''s user principal name')
            [CompletionResult]::new('--banned', '--banned', [CompletionResultType]::ParameterName, 'The tenant''s custom list of banned passwords, one term a line')
            [CompletionResult]::new('--operation', '--operation', [CompletionResultType]::ParameterName, 'The one operation that decides the exit code [default: the worse of both]')
            [CompletionResult]::new('--as-of', '--as-of', [CompletionResultType]::ParameterName, 'The time the answer is for: RFC 3339 or a date [default: now]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How the answer is written')
            [CompletionResult]::new('--stdin', '--stdin', [CompletionResultType]::ParameterName, 'Read the password from the first line of standard input')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'sspr;attest' {
            [CompletionResult]::new('--answers', '--answers', [CompletionResultType]::ParameterName, 'Take the answers from a TOML file instead of asking')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Where to write; `-` is standard output [default: attested.toml]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Where to write; `-` is standard output [default: attested.toml]')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'sspr;collect' {
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('script', 'script', [CompletionResultType]::ParameterValue, 'Print a read-only PowerShell script that collects on-premises evidence into a zip')
            [CompletionResult]::new('graph', 'graph', [CompletionResultType]::ParameterValue, 'Read a tenant through Microsoft Graph and write an evidence folder')
            [CompletionResult]::new('ldap', 'ldap', [CompletionResultType]::ParameterValue, 'Read Active Directory over LDAP and write an evidence folder')
            break
        }
        'sspr;collect;script' {
            [CompletionResult]::new('--part', '--part', [CompletionResultType]::ParameterName, 'What the script collects; without it, what fits the machine it runs on')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'sspr;collect;graph' {
            [CompletionResult]::new('--tenant', '--tenant', [CompletionResultType]::ParameterName, 'The tenant: its id or one of its domains')
            [CompletionResult]::new('--client-id', '--client-id', [CompletionResultType]::ParameterName, 'The id of the application that signs in')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'The folder to write; it must be empty or not there yet')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'The folder to write; it must be empty or not there yet')
            [CompletionResult]::new('--secret-env', '--secret-env', [CompletionResultType]::ParameterName, 'Sign in with the application''s secret, from a variable of the environment')
            [CompletionResult]::new('--secret-file', '--secret-file', [CompletionResultType]::ParameterName, 'Sign in with the application''s secret, from the first line of a file')
            [CompletionResult]::new('--certificate', '--certificate', [CompletionResultType]::ParameterName, 'Sign in with the application''s certificate and key, in one PEM file')
            [CompletionResult]::new('--federated-token-file', '--federated-token-file', [CompletionResultType]::ParameterName, 'Sign in with the token of another issuer, from a file that is read at each renewal')
            [CompletionResult]::new('--token-env', '--token-env', [CompletionResultType]::ParameterName, 'Use a ready access token, from a variable of the environment')
            [CompletionResult]::new('--token-file', '--token-file', [CompletionResultType]::ParameterName, 'Use a ready access token, from the first line of a file')
            [CompletionResult]::new('--cloud', '--cloud', [CompletionResultType]::ParameterName, 'The cloud')
            [CompletionResult]::new('--root', '--root', [CompletionResultType]::ParameterName, 'Where Graph answers, for another cloud')
            [CompletionResult]::new('--authority', '--authority', [CompletionResultType]::ParameterName, 'Where tokens are given, for another cloud')
            [CompletionResult]::new('--ca', '--ca', [CompletionResultType]::ParameterName, 'Also trust the authorities in this file (PEM)')
            [CompletionResult]::new('--scope-group', '--scope-group', [CompletionResultType]::ParameterName, 'The object id of the group that self-service reset is on for: its members are read')
            [CompletionResult]::new('--audit-days', '--audit-days', [CompletionResultType]::ParameterName, 'Days of the audit log to read')
            [CompletionResult]::new('--device-code', '--device-code', [CompletionResultType]::ParameterName, 'Sign in as a person, who types a code in a browser on any machine')
            [CompletionResult]::new('--managed-identity', '--managed-identity', [CompletionResultType]::ParameterName, 'Sign in as the machine or app in Azure that this runs on')
            [CompletionResult]::new('--token-stdin', '--token-stdin', [CompletionResultType]::ParameterName, 'Use a ready access token, from the first line of standard input')
            [CompletionResult]::new('--beta', '--beta', [CompletionResultType]::ParameterName, 'Also read what only the beta version tells; it may change any day')
            [CompletionResult]::new('--gzip', '--gzip', [CompletionResultType]::ParameterName, 'Compress the lists')
            [CompletionResult]::new('--resume', '--resume', [CompletionResultType]::ParameterName, 'Go on where an earlier run into the same folder was interrupted')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Print every request with its permission instead of sending it; nobody is asked')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'sspr;collect;ldap' {
            [CompletionResult]::new('--server', '--server', [CompletionResultType]::ParameterName, 'The domain controller: ldaps://NAME, or ldap://NAME with --start-tls; a port may follow')
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'The account that reads: user@contoso.com, CONTOSO\user or a distinguished name; with --kerberos, whose tickets are used [default there: the first that are there]')
            [CompletionResult]::new('--bind-dn', '--bind-dn', [CompletionResultType]::ParameterName, 'The account that reads: user@contoso.com, CONTOSO\user or a distinguished name; with --kerberos, whose tickets are used [default there: the first that are there]')
            [CompletionResult]::new('--kerberos-host', '--kerberos-host', [CompletionResultType]::ParameterName, 'The domain controller''s name in Kerberos, where --server names it by an alias')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'The folder to write; it must be empty or not there yet')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'The folder to write; it must be empty or not there yet')
            [CompletionResult]::new('--ca', '--ca', [CompletionResultType]::ParameterName, 'Trust the authorities in this file (PEM) instead of those of the operating system')
            [CompletionResult]::new('--connect-to', '--connect-to', [CompletionResultType]::ParameterName, 'Connect to this address; the certificate must be for the server''s name all the same')
            [CompletionResult]::new('--password-file', '--password-file', [CompletionResultType]::ParameterName, 'Read the password from the first line of a file')
            [CompletionResult]::new('--password-env', '--password-env', [CompletionResultType]::ParameterName, 'Read the password from a variable of the environment')
            [CompletionResult]::new('--base', '--base', [CompletionResultType]::ParameterName, 'Read people below this object only [default: the whole domain]')
            [CompletionResult]::new('--people-file', '--people-file', [CompletionResultType]::ParameterName, 'Read these people only: one user principal name, account name or distinguished name a line')
            [CompletionResult]::new('--connector-account', '--connector-account', [CompletionResultType]::ParameterName, 'The connector account [default: accounts that look like one]')
            [CompletionResult]::new('--page-size', '--page-size', [CompletionResultType]::ParameterName, 'Entries in one answer, at most')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Seconds to wait for an answer')
            [CompletionResult]::new('--kerberos', '--kerberos', [CompletionResultType]::ParameterName, 'Sign in by Kerberos with the tickets that kinit got, without a password (not in this build: it takes the feature gssapi, on Linux, macOS or another Unix)')
            [CompletionResult]::new('--start-tls', '--start-tls', [CompletionResultType]::ParameterName, 'Begin on the plain port and go on under TLS before anything else is said')
            [CompletionResult]::new('--password-stdin', '--password-stdin', [CompletionResultType]::ParameterName, 'Read the password from the first line of standard input')
            [CompletionResult]::new('--resume', '--resume', [CompletionResultType]::ParameterName, 'Go on where an earlier run into the same folder was interrupted')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Print every search instead of making it; nothing is connected to')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'sspr;schema' {
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
    })

    $completions.Where{ $_.CompletionText -like "$wordToComplete*" } |
        Sort-Object -Property ListItemText
}
