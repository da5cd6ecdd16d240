# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_sspr_global_optspecs
    string join \n h/help V/version
end

function __fish_sspr_needs_command
    # Figure out if the current invocation already has a command.
    set -l cmd (commandline -opc)
    set -e cmd[1]
    argparse -s (__fish_sspr_global_optspecs) -- $cmd 2>/dev/null
    or return
    if set -q argv[1]
        # Also print the command, so this can be used to figure out what it is.
        echo $argv[1]
        return 1
    end
    return 0
end

function __fish_sspr_using_subcommand
    set -l cmd (__fish_sspr_needs_command)
    test -z "$cmd"
    and return 1
    contains -- $cmd[1] $argv
end

complete -c sspr -n "__fish_sspr_needs_command" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c sspr -n "__fish_sspr_needs_command" -s V -l version -d 'Print version'
complete -c sspr -n "__fish_sspr_needs_command" -f -a "assess" -d 'Judge evidence: what is right, what will break and for whom, what is still unknown'
complete -c sspr -n "__fish_sspr_needs_command" -f -a "explain" -d 'Say what a code, event, error or licence is, and what to do about it'
complete -c sspr -n "__fish_sspr_needs_command" -f -a "events" -d 'List the events of Windows logs, and the records of the tenant\'s audit log, in any form'
complete -c sspr -n "__fish_sspr_needs_command" -f -a "roundtrip" -d 'Follow password operations through the logs: what became of each, and why'
complete -c sspr -n "__fish_sspr_needs_command" -f -a "watch" -d 'Follow logs while they grow: tell failures, bursts and silence as they happen'
complete -c sspr -n "__fish_sspr_needs_command" -f -a "password" -d 'Say whether a password would be taken for a person, in the cloud and in the domain, and why not'
complete -c sspr -n "__fish_sspr_needs_command" -f -a "attest" -d 'State by hand what no export holds: asks a few questions and writes attested.toml'
complete -c sspr -n "__fish_sspr_needs_command" -f -a "collect" -d 'Get evidence'
complete -c sspr -n "__fish_sspr_needs_command" -f -a "schema" -d 'Print a JSON Schema'
complete -c sspr -n "__fish_sspr_using_subcommand assess" -l as-of -d 'The time the verdict is for: RFC 3339 or a date [default: now]' -r
complete -c sspr -n "__fish_sspr_using_subcommand assess" -l observed-at -d 'When evidence was observed that does not tell it itself: RFC 3339 or a date' -r
complete -c sspr -n "__fish_sspr_using_subcommand assess" -l time-zone -d 'The zone of times that come without one: Europe/Berlin, or an offset such as +01:00' -r
complete -c sspr -n "__fish_sspr_using_subcommand assess" -l format -d 'How the report is written' -r -f -a "text\t''
json\t''
markdown\t''"
complete -c sspr -n "__fish_sspr_using_subcommand assess" -s o -l output -d 'Write the report to a file instead of standard output' -r -F
complete -c sspr -n "__fish_sspr_using_subcommand assess" -l fail-on -d 'The least severity that makes the exit code 1' -r -f -a "error\t''
warning\t''
never\t''"
complete -c sspr -n "__fish_sspr_using_subcommand assess" -l config -d 'Severities, thresholds, exclusions and rules to switch off, in TOML' -r -F
complete -c sspr -n "__fish_sspr_using_subcommand assess" -l details -d 'Show every rule, with its evidence'
complete -c sspr -n "__fish_sspr_using_subcommand assess" -l allow-unknown -d 'Exit with 0 where the answer is not settled and no fault was found'
complete -c sspr -n "__fish_sspr_using_subcommand assess" -s h -l help -d 'Print help'
complete -c sspr -n "__fish_sspr_using_subcommand explain" -s h -l help -d 'Print help'
complete -c sspr -n "__fish_sspr_using_subcommand events" -l since -d 'From this time on: RFC 3339 or a date' -r
complete -c sspr -n "__fish_sspr_using_subcommand events" -l until -d 'Before this time: RFC 3339 or a date' -r
complete -c sspr -n "__fish_sspr_using_subcommand events" -l user -d 'Of one person, by user principal name' -r
complete -c sspr -n "__fish_sspr_using_subcommand events" -l tracking-id -d 'Of one operation' -r
complete -c sspr -n "__fish_sspr_using_subcommand events" -l time-zone -d 'The zone of times that come without one: Europe/Berlin, or an offset such as +01:00' -r
complete -c sspr -n "__fish_sspr_using_subcommand events" -l jobs -d 'How many threads read: several files, and the parts of one .evtx, at once' -r
complete -c sspr -n "__fish_sspr_using_subcommand events" -l provider -d 'Of these providers; `*` is all [default: PasswordResetService]' -r
complete -c sspr -n "__fish_sspr_using_subcommand events" -l id -d 'With these ids' -r
complete -c sspr -n "__fish_sspr_using_subcommand events" -l outcome -d 'That tell of a success or a failure' -r -f -a "success\t'Documented as a success, or an audit marked as one'
failure\t'Documented as a failure, an audit marked as one, or undocumented and an error'
neither\t'What begins, informs, or is not settled by the event alone'"
complete -c sspr -n "__fish_sspr_using_subcommand events" -l format -d 'How they are written' -r -f -a "table\t'Lines for people'
json\t'One JSON document'
jsonl\t'JSON, one value a line'
csv\t''
arrow\t'An Arrow IPC stream, for polars, pandas or DuckDB'"
complete -c sspr -n "__fish_sspr_using_subcommand events" -l verify -d 'Examine every part of an .evtx, also those in which no wanted provider is named'
complete -c sspr -n "__fish_sspr_using_subcommand events" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c sspr -n "__fish_sspr_using_subcommand roundtrip" -l since -d 'From this time on: RFC 3339 or a date' -r
complete -c sspr -n "__fish_sspr_using_subcommand roundtrip" -l until -d 'Before this time: RFC 3339 or a date' -r
complete -c sspr -n "__fish_sspr_using_subcommand roundtrip" -l user -d 'Of one person, by user principal name' -r
complete -c sspr -n "__fish_sspr_using_subcommand roundtrip" -l tracking-id -d 'Of one operation' -r
complete -c sspr -n "__fish_sspr_using_subcommand roundtrip" -l time-zone -d 'The zone of times that come without one: Europe/Berlin, or an offset such as +01:00' -r
complete -c sspr -n "__fish_sspr_using_subcommand roundtrip" -l jobs -d 'How many threads read: several files, and the parts of one .evtx, at once' -r
complete -c sspr -n "__fish_sspr_using_subcommand roundtrip" -l outcome -d 'That ended so; several are set apart by commas' -r -f -a "written\t'The domain took the password'
refused\t'The domain or the cloud refused it, for the password\'s or the account\'s sake'
failed\t'An administrator has to mend something'
unfinished\t'No event ends it'
cloud-only\t'It was done in the cloud alone, and the servers wrote nothing'
unknown\t'The events do not say'"
complete -c sspr -n "__fish_sspr_using_subcommand roundtrip" -l format -d 'How they are written' -r -f -a "table\t'Lines for people'
json\t'One JSON document'
jsonl\t'JSON, one value a line'
csv\t''
arrow\t'An Arrow IPC stream, for polars, pandas or DuckDB'"
complete -c sspr -n "__fish_sspr_using_subcommand roundtrip" -l verify -d 'Examine every part of an .evtx, also those in which no wanted provider is named'
complete -c sspr -n "__fish_sspr_using_subcommand roundtrip" -l support-bundle -d 'Print what support asks for about the latest operation that did not succeed'
complete -c sspr -n "__fish_sspr_using_subcommand roundtrip" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c sspr -n "__fish_sspr_using_subcommand watch" -l state -d 'Keep here how far it came, and go on from there' -r -F
complete -c sspr -n "__fish_sspr_using_subcommand watch" -l since -d 'Tell what happened from this time on, in the first run: RFC 3339 or a date [default: now]' -r
complete -c sspr -n "__fish_sspr_using_subcommand watch" -l interval -d 'How often to look: 10s, 5m, 1h' -r
complete -c sspr -n "__fish_sspr_using_subcommand watch" -l silence -d 'How long a log may get no record before that is told; 0s never tells' -r
complete -c sspr -n "__fish_sspr_using_subcommand watch" -l burst -d 'How many operations, or failures, in an hour may be a burst' -r
complete -c sspr -n "__fish_sspr_using_subcommand watch" -l format -d 'How notices are written' -r -f -a "text\t'Lines for people'
jsonl\t'JSON, one notice a line'"
complete -c sspr -n "__fish_sspr_using_subcommand watch" -s o -l output -d 'Append to a file instead of writing to standard output' -r -F
complete -c sspr -n "__fish_sspr_using_subcommand watch" -l exec -d 'Run a program for new notices, with JSON lines on its standard input' -r
complete -c sspr -n "__fish_sspr_using_subcommand watch" -l post -d 'Post new notices to this address, as JSON lines (application/x-ndjson)' -r
complete -c sspr -n "__fish_sspr_using_subcommand watch" -l post-env -d 'Take the address from a variable of the environment, for one that lets in whoever knows it' -r
complete -c sspr -n "__fish_sspr_using_subcommand watch" -l header-env -d 'Send a header with its value from a variable of the environment' -r
complete -c sspr -n "__fish_sspr_using_subcommand watch" -l ca -d 'Also trust the authorities in this file (PEM)' -r -F
complete -c sspr -n "__fish_sspr_using_subcommand watch" -l timeout -d 'How long a request may take' -r
complete -c sspr -n "__fish_sspr_using_subcommand watch" -l refusals -d 'Tell of every password that the domain refused, too'
complete -c sspr -n "__fish_sspr_using_subcommand watch" -l once -d 'Look once, and end'
complete -c sspr -n "__fish_sspr_using_subcommand watch" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c sspr -n "__fish_sspr_using_subcommand password" -l user -d 'The person\'s user principal name' -r
complete -c sspr -n "__fish_sspr_using_subcommand password" -l banned -d 'The tenant\'s custom list of banned passwords, one term a line' -r -F
complete -c sspr -n "__fish_sspr_using_subcommand password" -l operation -d 'The one operation that decides the exit code [default: the worse of both]' -r -f -a "reset\t'The password was forgotten'
change\t'The password is known'"
complete -c sspr -n "__fish_sspr_using_subcommand password" -l as-of -d 'The time the answer is for: RFC 3339 or a date [default: now]' -r
complete -c sspr -n "__fish_sspr_using_subcommand password" -l format -d 'How the answer is written' -r -f -a "text\t''
json\t''"
complete -c sspr -n "__fish_sspr_using_subcommand password" -l stdin -d 'Read the password from the first line of standard input'
complete -c sspr -n "__fish_sspr_using_subcommand password" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c sspr -n "__fish_sspr_using_subcommand attest" -l answers -d 'Take the answers from a TOML file instead of asking' -r -F
complete -c sspr -n "__fish_sspr_using_subcommand attest" -s o -l output -d 'Where to write; `-` is standard output [default: attested.toml]' -r -F
complete -c sspr -n "__fish_sspr_using_subcommand attest" -s h -l help -d 'Print help'
complete -c sspr -n "__fish_sspr_using_subcommand collect; and not __fish_seen_subcommand_from script graph ldap" -s h -l help -d 'Print help'
complete -c sspr -n "__fish_sspr_using_subcommand collect; and not __fish_seen_subcommand_from script graph ldap" -f -a "script" -d 'Print a read-only PowerShell script that collects on-premises evidence into a zip'
complete -c sspr -n "__fish_sspr_using_subcommand collect; and not __fish_seen_subcommand_from script graph ldap" -f -a "graph" -d 'Read a tenant through Microsoft Graph and write an evidence folder'
complete -c sspr -n "__fish_sspr_using_subcommand collect; and not __fish_seen_subcommand_from script graph ldap" -f -a "ldap" -d 'Read Active Directory over LDAP and write an evidence folder'
complete -c sspr -n "__fish_sspr_using_subcommand collect; and __fish_seen_subcommand_from script" -l part -d 'What the script collects; without it, what fits the machine it runs on' -r -f -a "Connect\t'The Entra Connect server'
Directory\t'The domain'
Log\t'The event logs of this machine'"
complete -c sspr -n "__fish_sspr_using_subcommand collect; and __fish_seen_subcommand_from script" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c sspr -n "__fish_sspr_using_subcommand collect; and __fish_seen_subcommand_from graph" -l tenant -d 'The tenant: its id or one of its domains' -r
complete -c sspr -n "__fish_sspr_using_subcommand collect; and __fish_seen_subcommand_from graph" -l client-id -d 'The id of the application that signs in' -r
complete -c sspr -n "__fish_sspr_using_subcommand collect; and __fish_seen_subcommand_from graph" -s o -l output -d 'The folder to write; it must be empty or not there yet' -r -F
complete -c sspr -n "__fish_sspr_using_subcommand collect; and __fish_seen_subcommand_from graph" -l secret-env -d 'Sign in with the application\'s secret, from a variable of the environment' -r
complete -c sspr -n "__fish_sspr_using_subcommand collect; and __fish_seen_subcommand_from graph" -l secret-file -d 'Sign in with the application\'s secret, from the first line of a file' -r -F
complete -c sspr -n "__fish_sspr_using_subcommand collect; and __fish_seen_subcommand_from graph" -l certificate -d 'Sign in with the application\'s certificate and key, in one PEM file' -r -F
complete -c sspr -n "__fish_sspr_using_subcommand collect; and __fish_seen_subcommand_from graph" -l federated-token-file -d 'Sign in with the token of another issuer, from a file that is read at each renewal' -r -F
complete -c sspr -n "__fish_sspr_using_subcommand collect; and __fish_seen_subcommand_from graph" -l token-env -d 'Use a ready access token, from a variable of the environment' -r
complete -c sspr -n "__fish_sspr_using_subcommand collect; and __fish_seen_subcommand_from graph" -l token-file -d 'Use a ready access token, from the first line of a file' -r -F
complete -c sspr -n "__fish_sspr_using_subcommand collect; and __fish_seen_subcommand_from graph" -l cloud -d 'The cloud' -r -f -a "global\t'Worldwide, GCC included'
us-government\t'US Government L4 (GCC High)'
us-government-dod\t'US Government L5 (DoD)'
china\t'Operated by 21Vianet'"
complete -c sspr -n "__fish_sspr_using_subcommand collect; and __fish_seen_subcommand_from graph" -l root -d 'Where Graph answers, for another cloud' -r
complete -c sspr -n "__fish_sspr_using_subcommand collect; and __fish_seen_subcommand_from graph" -l authority -d 'Where tokens are given, for another cloud' -r
complete -c sspr -n "__fish_sspr_using_subcommand collect; and __fish_seen_subcommand_from graph" -l ca -d 'Also trust the authorities in this file (PEM)' -r -F
complete -c sspr -n "__fish_sspr_using_subcommand collect; and __fish_seen_subcommand_from graph" -l scope-group -d 'The object id of the group that self-service reset is on for: its members are read' -r
complete -c sspr -n "__fish_sspr_using_subcommand collect; and __fish_seen_subcommand_from graph" -l audit-days -d 'Days of the audit log to read' -r
complete -c sspr -n "__fish_sspr_using_subcommand collect; and __fish_seen_subcommand_from graph" -l device-code -d 'Sign in as a person, who types a code in a browser on any machine'
complete -c sspr -n "__fish_sspr_using_subcommand collect; and __fish_seen_subcommand_from graph" -l managed-identity -d 'Sign in as the machine or app in Azure that this runs on'
complete -c sspr -n "__fish_sspr_using_subcommand collect; and __fish_seen_subcommand_from graph" -l token-stdin -d 'Use a ready access token, from the first line of standard input'
complete -c sspr -n "__fish_sspr_using_subcommand collect; and __fish_seen_subcommand_from graph" -l beta -d 'Also read what only the beta version tells; it may change any day'
complete -c sspr -n "__fish_sspr_using_subcommand collect; and __fish_seen_subcommand_from graph" -l gzip -d 'Compress the lists'
complete -c sspr -n "__fish_sspr_using_subcommand collect; and __fish_seen_subcommand_from graph" -l resume -d 'Go on where an earlier run into the same folder was interrupted'
complete -c sspr -n "__fish_sspr_using_subcommand collect; and __fish_seen_subcommand_from graph" -l dry-run -d 'Print every request with its permission instead of sending it; nobody is asked'
complete -c sspr -n "__fish_sspr_using_subcommand collect; and __fish_seen_subcommand_from graph" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c sspr -n "__fish_sspr_using_subcommand collect; and __fish_seen_subcommand_from ldap" -l server -d 'The domain controller: ldaps://NAME, or ldap://NAME with --start-tls; a port may follow' -r
complete -c sspr -n "__fish_sspr_using_subcommand collect; and __fish_seen_subcommand_from ldap" -l user -l bind-dn -d 'The account that reads: user@contoso.com, CONTOSO\\user or a distinguished name; with --kerberos, whose tickets are used [default there: the first that are there]' -r
complete -c sspr -n "__fish_sspr_using_subcommand collect; and __fish_seen_subcommand_from ldap" -l kerberos-host -d 'The domain controller\'s name in Kerberos, where --server names it by an alias' -r
complete -c sspr -n "__fish_sspr_using_subcommand collect; and __fish_seen_subcommand_from ldap" -s o -l output -d 'The folder to write; it must be empty or not there yet' -r -F
complete -c sspr -n "__fish_sspr_using_subcommand collect; and __fish_seen_subcommand_from ldap" -l ca -d 'Trust the authorities in this file (PEM) instead of those of the operating system' -r -F
complete -c sspr -n "__fish_sspr_using_subcommand collect; and __fish_seen_subcommand_from ldap" -l connect-to -d 'Connect to this address; the certificate must be for the server\'s name all the same' -r
complete -c sspr -n "__fish_sspr_using_subcommand collect; and __fish_seen_subcommand_from ldap" -l password-file -d 'Read the password from the first line of a file' -r -F
complete -c sspr -n "__fish_sspr_using_subcommand collect; and __fish_seen_subcommand_from ldap" -l password-env -d 'Read the password from a variable of the environment' -r
complete -c sspr -n "__fish_sspr_using_subcommand collect; and __fish_seen_subcommand_from ldap" -l base -d 'Read people below this object only [default: the whole domain]' -r
complete -c sspr -n "__fish_sspr_using_subcommand collect; and __fish_seen_subcommand_from ldap" -l people-file -d 'Read these people only: one user principal name, account name or distinguished name a line' -r -F
complete -c sspr -n "__fish_sspr_using_subcommand collect; and __fish_seen_subcommand_from ldap" -l connector-account -d 'The connector account [default: accounts that look like one]' -r
complete -c sspr -n "__fish_sspr_using_subcommand collect; and __fish_seen_subcommand_from ldap" -l page-size -d 'Entries in one answer, at most' -r
complete -c sspr -n "__fish_sspr_using_subcommand collect; and __fish_seen_subcommand_from ldap" -l timeout -d 'Seconds to wait for an answer' -r
complete -c sspr -n "__fish_sspr_using_subcommand collect; and __fish_seen_subcommand_from ldap" -l kerberos -d 'Sign in by Kerberos with the tickets that kinit got, without a password (not in this build: it takes the feature gssapi, on Linux, macOS or another Unix)'
complete -c sspr -n "__fish_sspr_using_subcommand collect; and __fish_seen_subcommand_from ldap" -l start-tls -d 'Begin on the plain port and go on under TLS before anything else is said'
complete -c sspr -n "__fish_sspr_using_subcommand collect; and __fish_seen_subcommand_from ldap" -l password-stdin -d 'Read the password from the first line of standard input'
complete -c sspr -n "__fish_sspr_using_subcommand collect; and __fish_seen_subcommand_from ldap" -l resume -d 'Go on where an earlier run into the same folder was interrupted'
complete -c sspr -n "__fish_sspr_using_subcommand collect; and __fish_seen_subcommand_from ldap" -l dry-run -d 'Print every search instead of making it; nothing is connected to'
complete -c sspr -n "__fish_sspr_using_subcommand collect; and __fish_seen_subcommand_from ldap" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c sspr -n "__fish_sspr_using_subcommand schema" -s h -l help -d 'Print help (see more with \'--help\')'
