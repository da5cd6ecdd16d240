<#
.SYNOPSIS
    Collects on-premises evidence about self-service password reset with password writeback.

.DESCRIPTION
    Reads the configuration and the logs of this machine and writes them, with a manifest, to one zip
    file. It changes no setting, starts and stops nothing, and asks for no password. No secret is
    collected: values that the synchronisation service keeps encrypted are left out.
    One item that fails never stops the rest; the manifest says which one failed and why.
    Give the zip file to: sspr assess FILE.zip

.PARAMETER Part
    Connect (on an Entra Connect server: its configuration, service, system, network and log),
    Directory (on any machine of the domain: policies, controllers, people, groups, access lists), or
    Log (only the event logs of this machine). Without it, what fits this machine is collected.
    Any domain user may run Directory. Three things want more, and the rest goes on without them:
    all fine-grained password policies (a member of Domain Admins), the user rights of a machine (a
    local administrator there), and the logs (Event Log Readers). The modules ActiveDirectory and
    GroupPolicy add policies and controllers where they are installed.

.PARAMETER Account
    The account of the connector, where it is none that set-up named MSOL_... or described itself.

.PARAMETER OutFile
    The zip file. Without it, a new file in the current folder.
#>
[CmdletBinding()]
param(
    [ValidateSet('Connect', 'Directory', 'Log')] [string[]] $Part,
    [string[]] $Account,
    [string] $OutFile
)

Set-StrictMode -Version 2.0
$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'

$utf8 = New-Object -TypeName System.Text.UTF8Encoding -ArgumentList $false
$hostName = [System.Net.Dns]::GetHostEntry('').HostName
$work = Join-Path -Path ([System.IO.Path]::GetTempPath()) -ChildPath ('sspr-' + [System.Guid]::NewGuid())
$files = New-Object -TypeName System.Collections.ArrayList
$gaps = New-Object -TypeName System.Collections.ArrayList
$thisHost = @{ type = 'host'; name = $hostName }
$hostColumn = @{ Name = 'PSComputerName'; Expression = { $hostName } }
$windows = 'HKLM:\SOFTWARE\Microsoft\Windows NT\CurrentVersion'
$framework = 'HKLM:\SOFTWARE\Microsoft\NET Framework Setup\NDP\v4\Full'
$lsa = 'HKLM:\SYSTEM\CurrentControlSet\Control\Lsa'

# ---- Helpers: each item is read in its own try block, and what fails becomes a gap. ----

function Get-Now { [System.DateTime]::UtcNow.ToString('yyyy-MM-ddTHH:mm:ssZ', [System.Globalization.CultureInfo]::InvariantCulture) }

function Get-Target([string] $Path) {
    $target = Join-Path -Path $work -ChildPath $Path
    $null = New-Item -ItemType Directory -Force -Path (Split-Path -Path $target -Parent)
    $target
}

function Add-File([string] $Path, [string] $Command, [hashtable] $Subject, [string] $ObservedAt, [bool] $Complete = $true) {
    $hash = (Get-FileHash -Algorithm SHA256 -Path (Join-Path -Path $work -ChildPath $Path)).Hash.ToLowerInvariant()
    $null = $files.Add([ordered]@{ path = $Path; command = $Command; subject = $Subject; observedAt = $ObservedAt; complete = $Complete; sha256 = $hash })
    Write-Host ('  read   ' + $Path)
}

function Add-Gap([string] $Kind, [System.Management.Automation.ErrorRecord] $Failure) {
    $detail = ([string] $Failure) -replace '\s+', ' '
    $refused = $Failure.CategoryInfo.Category -eq 'PermissionDenied' -or $Failure.Exception -is [System.UnauthorizedAccessException] -or
        $Failure.Exception -is [System.Security.SecurityException] -or $Failure.Exception.HResult -eq -2147024891
    $null = $gaps.Add([ordered]@{ what = $Kind; reason = @('error', 'noPermission')[[int] $refused]; detail = ($hostName + ': ' + $detail) })
    Write-Host ('  no     ' + $Kind + ': ' + $detail)
}

# Runs $Read and keeps what it gives: objects as JSON, one object a line with -Lines, text as it is.
function Save-Item([string] $Kind, [string] $Path, [string] $Command, [scriptblock] $Read, [hashtable] $Subject = $thisHost,
    [bool] $Complete = $true, [switch] $Lines) {
    try {
        $at = Get-Now
        $target = Get-Target $Path
        if ($Lines) {
            $writer = New-Object -TypeName System.IO.StreamWriter -ArgumentList $target, $false, $utf8
            try { & $Read | ForEach-Object -Process { $writer.WriteLine((ConvertTo-Json -InputObject $_ -Depth 10 -Compress)) } }
            finally { $writer.Dispose() }
        } else {
            $value = & $Read
            if ($null -eq $value) { throw 'nothing was returned' }
            if ($value -isnot [string]) { $value = ConvertTo-Json -InputObject $value -Depth 10 }
            [System.IO.File]::WriteAllText($target, $value, $utf8)
        }
        Add-File $Path $Command $Subject $at $Complete
    } catch {
        Add-Gap $Kind $_
    }
}

# Only plain values, and the dates of certificates: nothing that could carry a secret, and no deep graph.
function Select-Plain($InputObject) {
    $plain = [ordered]@{ PSComputerName = $hostName }
    foreach ($property in $InputObject.PSObject.Properties) {
        if ($property.Name -match 'password$|secret|token|privatekey') { continue }
        $value = $property.Value
        if ($value -is [System.Security.Cryptography.X509Certificates.X509Certificate2]) {
            $plain[$property.Name] = [ordered]@{ Thumbprint = $value.Thumbprint; NotBefore = $value.NotBefore; NotAfter = $value.NotAfter }
        } elseif ($null -eq $value -or $value -is [string] -or $value -is [System.ValueType]) {
            $plain[$property.Name] = $value
        }
    }
    [pscustomobject] $plain
}

# Entries of the directory, each with the names that PowerShell's cmdlets use where they differ from LDAP's. Owner, group and
# access list are read, and never the audit list. A list that the directory gives in part is left out, and so is an empty
# tokenGroups: every account is in its primary group, so that it was not shown.
function Find-Entry([string] $Base, [string] $Filter, [string[]] $Properties, [string] $Scope = 'Subtree') {
    $names = @{ objectSid = 'SID'; member = 'Members'; nTSecurityDescriptor = 'Sddl'; sAMAccountName = 'SamAccountName'; memberOf = 'MemberOf' }
    $start = [ADSI] ('LDAP://' + ($Base -replace '/', '\/'))
    $wanted = [string[]] (@('distinguishedName') + $Properties)
    $searcher = New-Object -TypeName System.DirectoryServices.DirectorySearcher -ArgumentList $start, $Filter, $wanted, $Scope
    $searcher.PageSize = 500
    $searcher.SecurityMasks = 'Owner, Group, Dacl'
    $found = $searcher.FindAll()
    try {
        foreach ($result in $found) {
            $entry = [ordered]@{ DistinguishedName = [string] $result.Properties['distinguishedname'][0] }
            foreach ($property in $Properties) {
                $name = $property
                if ($names.ContainsKey($property)) { $name = $names[$property] }
                $values = @($result.Properties[$property] | ForEach-Object -Process { ConvertTo-Plain $property $_ })
                if ($property -eq 'objectClass') { $entry.ObjectClass = $values[-1] }
                elseif ('member', 'memberOf', 'tokenGroups', 'sIDHistory', 'msDS-PSOApplied' -contains $property) {
                    $isPart = @($result.Properties.PropertyNames | Where-Object -FilterScript { $_ -like ($property + ';range=*') }).Count -gt 0
                    $isHidden = $property -eq 'tokenGroups' -and $values.Count -eq 0
                    if (-not $isPart -and -not $isHidden) { $entry[$name] = $values }
                } elseif ($values.Count -gt 0) { $entry[$name] = $values[0] }
                else { $entry[$name] = $null }
            }
            $entry
        }
    } finally {
        $found.Dispose()
    }
}

# SIDs and descriptors as text; every other value as it is.
function ConvertTo-Plain([string] $Property, $Value) {
    if ($Value -isnot [byte[]]) { return $Value }
    if ($Property -ne 'nTSecurityDescriptor') { return (New-Object -TypeName System.Security.Principal.SecurityIdentifier -ArgumentList $Value, 0).Value }
    $descriptor = New-Object -TypeName System.DirectoryServices.ActiveDirectorySecurity
    $descriptor.SetSecurityDescriptorBinaryForm($Value)
    $descriptor.GetSecurityDescriptorSddlForm('Owner, Group, Access')
}

function Export-Log([string] $Kind, [string] $Path, [string] $Channel, [string] $Filter) {
    try {
        $at = Get-Now
        $target = Get-Target $Path
        $ErrorActionPreference = 'Continue' # what wevtutil says on its error stream is part of its answer
        $query = '*[System[(' + $Filter + ') and TimeCreated[timediff(@SystemTime) <= 2592000000]]]' # 30 days
        $answer = & wevtutil.exe epl $Channel $target ('/q:' + $query) 2>&1 | Out-String
        if ($LASTEXITCODE -eq 5) { throw (New-Object -TypeName System.UnauthorizedAccessException -ArgumentList $answer) }
        if ($LASTEXITCODE -ne 0) { throw $answer }
        Add-File $Path ('wevtutil epl ' + $Channel + ' /q:' + $query) $thisHost $at
    } catch {
        Add-Gap $Kind $_
    }
}

# ---- What this machine is. ----
$system = Get-CimInstance -ClassName Win32_ComputerSystem
$isController = $system.DomainRole -ge 4
$identity = [System.Security.Principal.WindowsIdentity]::GetCurrent()
$administrators = [System.Security.Principal.WindowsBuiltInRole]::Administrator
$isAdministrator = (New-Object -TypeName System.Security.Principal.WindowsPrincipal -ArgumentList $identity).IsInRole($administrators)
$hasConnect = $null -ne (Get-Service -Name 'ADSync' -ErrorAction SilentlyContinue)
$parts = @($Part | Where-Object -FilterScript { $_ })
if ($parts.Count -eq 0) {
    if ($hasConnect) { $parts += 'Connect' }
    if ($isController -or (Get-Module -ListAvailable -Name 'ActiveDirectory')) { $parts += 'Directory' }
    if ($parts.Count -eq 0) { $parts += 'Log' }
}
if (-not $OutFile) {
    $stamp = (Get-Now) -replace '[^0-9]', ''
    $OutFile = Join-Path -Path (Get-Location).ProviderPath -ChildPath ('sspr-' + $hostName + '-' + ($parts -join '-') + '-' + $stamp + '.zip')
}
$OutFile = $ExecutionContext.SessionState.Path.GetUnresolvedProviderPathFromPSPath($OutFile)
if (Test-Path -Path $OutFile) { throw ('The file exists already: ' + $OutFile) }
Write-Host ('Collecting ' + ($parts -join ', ') + ' on ' + $hostName)

# ---- Facts about every host. ----
Save-Item 'operatingSystem' 'host/os.json' 'Get-CimInstance Win32_OperatingSystem' {
    Get-CimInstance -ClassName Win32_OperatingSystem | Select-Object -Property 'CSName', 'Caption', 'Version', 'BuildNumber', 'OSLanguage'
}
Save-Item 'computerSystem' 'host/computer.json' 'Get-CimInstance Win32_ComputerSystem' { $system | Select-Object -Property 'Name', 'Domain', 'DomainRole' }
Save-Item 'installationType' 'host/installation.json' ("Get-ItemProperty '" + $windows + "'") {
    Get-ItemProperty -Path $windows | Select-Object -Property 'InstallationType', 'ProductName', 'CurrentBuild', $hostColumn
}
Save-Item 'services' 'host/services.json' 'Get-CimInstance Win32_Service' {
    $names = 'ADSync', 'AzureADConnectAuthenticationAgent', 'AADConnectProvisioningAgent', 'AzureADPasswordProtectionDCAgent', 'AzureADPasswordProtectionProxy'
    $found = Get-CimInstance -ClassName Win32_Service | Where-Object -FilterScript { $names -contains $_.Name }
    , @($found | Select-Object -Property 'Name', 'DisplayName', 'State', 'StartMode', 'StartName', 'PathName', 'SystemName')
}
Save-Item 'timeStatus' 'host/w32tm.txt' 'w32tm /query /status /verbose' { & w32tm.exe /query /status /verbose | Out-String }

# ---- The Entra Connect server. ----
if ($parts -contains 'Connect') {
    Save-Item 'dotnetRelease' 'host/dotnet.json' 'Get-ItemProperty NDP' { Get-ItemProperty -Path $framework | Select-Object -Property 'Release', $hostColumn }
    Save-Item 'syncScheduler' 'connect/scheduler.json' 'Get-ADSyncScheduler' { Select-Plain (Get-ADSyncScheduler) }
    Save-Item 'globalSettings' 'connect/global-settings.json' 'Get-ADSyncGlobalSettings' {
        $wanted = '^Microsoft\.(OptionalFeature|Synchronize|SynchronizationOption)\.'
        $parameters = (Get-ADSyncGlobalSettings).Parameters | Where-Object -FilterScript { $_.Name -match $wanted }
        [pscustomobject]@{ PSComputerName = $hostName; Parameters = @($parameters | Select-Object -Property 'Name', 'Value') }
    }
    Save-Item 'passwordResetConfiguration' 'connect/password-reset.json' 'Get-ADSyncAADPasswordResetConfiguration -Connector NAME' {
        $connectors = Get-ADSyncConnector | Where-Object -FilterScript { $_.Name -like '* - AAD' }
        , @($connectors | ForEach-Object -Process { Select-Plain (Get-ADSyncAADPasswordResetConfiguration -Connector $_.Name) })
    }
    Save-Item 'connectorCredential' 'connect/identity.json' 'Get-ADSyncEntraConnectorCredential' { Select-Plain (Get-ADSyncEntraConnectorCredential) }
    Save-Item 'tls12' 'connect/tls12.json' 'Get-ADSyncToolsTls12' { , @(Get-ADSyncToolsTls12 | Select-Object -Property 'Path', 'Name', 'Value', $hostColumn) }
    try {
        $at = Get-Now
        $export = Join-Path -Path $work -ChildPath 'connect/export'
        $null = Get-ADSyncServerConfiguration -Path $export
        foreach ($file in @(Get-ChildItem -Path $export -Recurse -Filter '*.xml')) {
            $name = $file.FullName.Substring($export.Length + 1) -replace '\\', '/'
            # Encrypted values are useless to a reader, and nobody's business.
            $text = [System.IO.File]::ReadAllText($file.FullName) -replace '(<[^<>]*\bencrypted=["''](?:1|true)["''][^<>/]*>)[^<]*', '$1'
            [System.IO.File]::WriteAllText($file.FullName, $text, $utf8)
            Add-File ('connect/export/' + $name) 'Get-ADSyncServerConfiguration -Path FOLDER' $thisHost $at
        }
    } catch {
        Add-Gap 'connectConfiguration' $_
    }
    Save-Item 'connectionTests' 'connect/endpoints.json' 'Test-NetConnection -ComputerName HOST -Port 443' {
        $targets = @('passwordreset.microsoftonline.com')
        $filter = @{ LogName = 'Application'; ProviderName = 'PasswordResetService'; Id = 31019, 31034 }
        $spoken = Get-WinEvent -FilterHashtable $filter -MaxEvents 50 -ErrorAction SilentlyContinue | Select-Object -ExpandProperty 'Message' | Out-String
        foreach ($match in [regex]::Matches($spoken, '(?i)\bssprdedicated[a-z0-9-]+')) {
            $targets += $match.Value.ToLowerInvariant() + '.servicebus.windows.net'
        }
        , @($targets | Sort-Object -Unique | ForEach-Object -Process {
                $uri = New-Object -TypeName System.Uri -ArgumentList ('https://' + $_)
                $viaProxy = -not [System.Net.WebRequest]::DefaultWebProxy.IsBypassed($uri)
                Test-NetConnection -ComputerName $_ -Port 443 -WarningAction SilentlyContinue |
                    Select-Object -Property 'ComputerName', 'RemotePort', 'TcpTestSucceeded',
                    @{ Name = 'RemoteAddress'; Expression = { [string] $_.RemoteAddress } },
                    @{ Name = 'ProxyConfigured'; Expression = { $viaProxy } },
                    $hostColumn
            })
    }
}

# ---- The domain: by LDAP what any domain user may read, by the modules what they add. ----
if ($parts -contains 'Directory') {
    try {
        $root = [ADSI] 'LDAP://RootDSE'
        $context = [string] $root.Properties['defaultNamingContext'].Value
        $configuration = [string] $root.Properties['configurationNamingContext'].Value
        $dns = ($context -replace '^DC=' -replace ',DC=', '.').ToLowerInvariant()
        $thisDomain = @{ type = 'domain'; name = $dns }
        $top = @(Find-Entry $context '(objectClass=domainDNS)' 'objectSid' 'Base')[0]
        Save-Item 'adDomain' 'domain/domain.json' 'LDAP: the domain and its cross reference' {
            $names = @(Find-Entry ('CN=Partitions,' + $configuration) ('(nCName=' + $context + ')') 'nETBIOSName')[0]
            $forest = ([string] $root.Properties['rootDomainNamingContext'].Value -replace '^DC=' -replace ',DC=', '.').ToLowerInvariant()
            [ordered]@{ DNSRoot = $dns; NetBIOSName = $names.nETBIOSName; DomainSID = $top.SID; Forest = $forest }
        } -Subject $thisDomain
        Save-Item 'securityDescriptors' 'domain/access-lists.jsonl' 'LDAP: nTSecurityDescriptor of the domain and of its containers' {
            $classes = 'domainDNS', 'organizationalUnit', 'container', 'builtinDomain', 'samServer'
            $filter = '(|' + (($classes | ForEach-Object -Process { '(objectClass=' + $_ + ')' }) -join '') + ')'
            Find-Entry $context $filter 'objectClass', 'nTSecurityDescriptor'
        } -Subject $thisDomain -Lines
        Save-Item 'directoryService' 'domain/directory-service.json' 'LDAP: dSHeuristics' {
            @(Find-Entry ('CN=Directory Service,CN=Windows NT,CN=Services,' + $configuration) '(objectClass=*)' 'dSHeuristics' 'Base')[0]
        } -Subject $thisDomain
        Save-Item 'adUsers' 'domain/users.jsonl' 'LDAP: people with their passwords'' dates, policies, groups and descriptors' {
            $first = @{}
            $properties = 'objectClass', 'objectSid', 'sAMAccountName', 'userPrincipalName', 'displayName', 'description', 'userAccountControl', 'pwdLastSet',
            'lockoutTime', 'adminCount', 'primaryGroupID', 'memberOf', 'sIDHistory', 'msDS-ResultantPSO', 'msDS-PSOApplied', 'nTSecurityDescriptor'
            Find-Entry $context '(&(objectCategory=person)(objectClass=user))' $properties | ForEach-Object -Process {
                $sddl = [string] $_.Sddl
                # A denial of Change Password to Everyone or SELF is what the check box writes.
                $_.CannotChangePassword = $sddl -match '\(OD;;CR;ab721a53-1e2f-11d0-9819-00aa0040529b;;(WD|PS)\)'
                # Most people of a container have the same list: it is written once.
                if ($first.ContainsKey($sddl)) { $_.Remove('Sddl'); $_.SameSddlAs = $first[$sddl] }
                elseif ($sddl) { $first[$sddl] = $_.DistinguishedName }
                $_
            }
        } -Subject $thisDomain -Lines
        Save-Item 'adGroups' 'domain/groups.jsonl' 'LDAP: security groups with their members' {
            $filter = '(&(objectCategory=group)(groupType:1.2.840.113556.1.4.803:=2147483648))'
            Find-Entry $context $filter 'objectSid', 'sAMAccountName', 'groupType', 'member', 'memberOf'
        } -Subject $thisDomain -Lines
        $names = @($Account | Where-Object -FilterScript { $_ })
        if ($names.Count -eq 0 -and $hasConnect) {
            $settings = @(Get-ADSyncConnector | ForEach-Object -Process { $_.ConnectivityParameters })
            $names = @($settings | Where-Object -FilterScript { $_.Name -eq 'forest-login-user' } | ForEach-Object -Process { [string] $_.Value })
        }
        $wanted = '(sAMAccountName=MSOL_*)(description=*Active Directory Connect*)(description=*Entra Connect*)'
        if ($names.Count -gt 0) { $wanted = ($names | ForEach-Object -Process { '(sAMAccountName=' + ($_ -replace '^.*\\') + ')' }) -join '' }
        $connectors = @(Find-Entry $context ('(&(objectClass=user)(|' + $wanted + '))') 'sAMAccountName', 'objectSid', 'primaryGroupID', 'memberOf')
        Save-Item 'adUsers' 'domain/connector-account.json' 'LDAP: the connector account with tokenGroups' {
            if ($connectors.Count -eq 0) { throw 'no connector account was found; name it with -Account' }
            $properties = 'objectClass', 'objectSid', 'sAMAccountName', 'description', 'userAccountControl', 'msDS-User-Account-Control-Computed',
            'lockoutTime', 'accountExpires', 'userWorkstations', 'pwdLastSet', 'primaryGroupID', 'memberOf', 'sIDHistory', 'tokenGroups'
            , @($connectors | ForEach-Object -Process {
                    $entry = @(Find-Entry $_.DistinguishedName '(objectClass=*)' $properties 'Base')[0]
                    # Who may not see the one may as a rule not see the other, which then looks empty.
                    if (-not $entry.Contains('tokenGroups')) { $entry.Remove('MemberOf') }
                    $entry
                })
        } -Subject $thisDomain
        Save-Item 'accountGroups' 'domain/account-groups.json' 'LDAP: groups that the connector account is directly in' {
            if ($connectors.Count -eq 0) { throw 'no connector account was found; name it with -Account' }
            , @($connectors | ForEach-Object -Process {
                    $who = $_
                    foreach ($group in @($who.MemberOf)) {
                        $found = @(Find-Entry $group '(objectClass=group)' 'sAMAccountName', 'objectSid' 'Base')[0]
                        [ordered]@{ Account = $who.SamAccountName; Name = $found.SamAccountName; SID = $found.SID }
                    }
                    [ordered]@{ Account = $who.SamAccountName; Name = 'primary group'; SID = ($top.SID + '-' + $who.primaryGroupID) }
                })
        } -Subject $thisDomain
        foreach ($policy in @(Find-Entry ('CN=Policies,CN=System,' + $context) '(objectClass=groupPolicyContainer)' 'name', 'displayName')) {
            $source = '\\' + $dns + '\SYSVOL\' + $dns + '\Policies\' + $policy.name + '\MACHINE\Microsoft\Windows NT\SecEdit\GptTmpl.inf'
            try {
                if (-not (Test-Path -LiteralPath $source)) { continue }
                $at = Get-Now
                $path = 'domain/gpo/' + $policy.name.Trim('{', '}').ToLowerInvariant() + '/GptTmpl.inf'
                Copy-Item -LiteralPath $source -Destination (Get-Target $path)
                Add-File $path ('Copy-Item ' + $source) @{ type = 'gpo'; id = $policy.name; name = $policy.displayName } $at
            } catch {
                Add-Gap 'gptTmpl' $_
            }
        }
        Save-Item 'domainPasswordPolicy' 'domain/net-accounts.txt' 'net accounts /domain' { & net.exe accounts /domain | Out-String } -Subject $thisDomain
    } catch {
        Add-Gap 'securityDescriptors' $_
    }
    try {
        Import-Module -Name GroupPolicy
        Save-Item 'gpoInheritance' 'domain/gpo/inheritance.json' 'Get-GPInheritance -Target DOMAIN' { Get-GPInheritance -Target $context } -Subject $thisDomain
        Save-Item 'gpoInheritance' 'domain/gpo/inheritance-controllers.json' 'Get-GPInheritance -Target OU=Domain Controllers' {
            Get-GPInheritance -Target ('OU=Domain Controllers,' + $context)
        } -Subject $thisDomain
        Save-Item 'gpos' 'domain/gpo/policies.json' 'Get-GPO -All' {
            , @(Get-GPO -All | Select-Object -Property 'Id', 'DisplayName', 'GpoStatus')
        } -Subject $thisDomain
        Save-Item 'gpoReport' 'domain/gpo/report.xml' 'Get-GPOReport -All -ReportType Xml' {
            [string] (Get-GPOReport -All -ReportType Xml)
        } -Subject $thisDomain
    } catch {
        Add-Gap 'gpoInheritance' $_
    }
    try {
        Import-Module -Name ActiveDirectory
        Save-Item 'domainPasswordPolicy' 'domain/password-policy.json' 'Get-ADDefaultDomainPasswordPolicy' {
            Get-ADDefaultDomainPasswordPolicy -Identity $dns | Select-Object -Property 'ComplexityEnabled', 'DistinguishedName',
            'LockoutDuration', 'LockoutObservationWindow', 'LockoutThreshold', 'MaxPasswordAge', 'MinPasswordAge', 'MinPasswordLength',
            'PasswordHistoryCount', 'ReversibleEncryptionEnabled', 'objectClass', 'objectGuid'
        } -Subject $thisDomain
        # Only administrators of the domain may see these: who may not gets a shorter list, and no word of it.
        $mine = @($identity.Groups | ForEach-Object -Process { [string] $_ })
        $all = ($mine -contains ($top.SID + '-512')) -or ($mine -contains ($top.SID + '-519'))
        if (-not $all) { Write-Host '  note   fine-grained policies: to see all of them, run it as a member of Domain Admins' }
        Save-Item 'fineGrainedPolicies' 'domain/fine-grained.json' 'Get-ADFineGrainedPasswordPolicy -Filter *' {
            $found = @(Get-ADFineGrainedPasswordPolicy -Filter '*' | Select-Object -Property 'Name', 'DistinguishedName', 'ObjectGUID', 'Precedence',
                @{ Name = 'AppliesTo'; Expression = { , @($_.AppliesTo) } }, 'ComplexityEnabled', 'LockoutDuration', 'LockoutObservationWindow',
                'LockoutThreshold', 'MaxPasswordAge', 'MinPasswordAge', 'MinPasswordLength', 'PasswordHistoryCount', 'ReversibleEncryptionEnabled')
            $holder = [ordered]@{ DistinguishedName = 'CN=Password Settings Container,CN=System,' + $context; ObjectClass = 'msDS-PasswordSettingsContainer' }
            if (-not $all -and $found.Count -eq 0) { throw (New-Object -TypeName System.UnauthorizedAccessException) }
            , @(@($holder) + $found)
        } -Subject $thisDomain -Complete $all
        $controllers = @(Get-ADDomainController -Filter '*')
        Save-Item 'domainControllers' 'domain/controllers.json' 'Get-ADDomainController -Filter *' {
            , @($controllers | Select-Object -Property 'HostName', 'Name', 'Domain', 'Forest', 'Site', 'IsReadOnly', 'IsGlobalCatalog',
                'OperatingSystem', 'OperatingSystemVersion')
        } -Subject $thisDomain
        foreach ($controller in $controllers) {
            Save-Item 'rootDse' ('domain/rootdse-' + $controller.HostName + '.json') 'Get-ADRootDSE -Properties supportedControl' {
                $root = Get-ADRootDSE -Server $controller.HostName -Properties 'supportedControl'
                $controls = @($root.supportedControl | ForEach-Object -Process { [string] $_ })
                $context = [string] $root.defaultNamingContext
                [pscustomobject]@{ dnsHostName = [string] $root.dnsHostName; defaultNamingContext = $context; supportedControl = $controls }
            } -Subject @{ type = 'host'; name = $controller.HostName }
        }
        Save-Item 'passwordProtectionAgents' 'domain/protection-agents.json' 'Get-AzureADPasswordProtectionDCAgent' {
            , @(Get-AzureADPasswordProtectionDCAgent | Select-Object -Property 'ServerFQDN', 'SoftwareVersion', 'Domain', 'Forest',
                'PasswordPolicyDateUTC', 'HeartbeatUTC')
        } -Subject $thisDomain
    } catch {
        Add-Gap 'domainPasswordPolicy' $_
    }
}

# ---- This machine's own security settings, where they decide. ----
$isOwn = ($isController -and $parts -contains 'Directory') -or ($hasConnect -and $parts -contains 'Connect')
if ($isOwn -and $isController) {
    Save-Item 'passwordFilters' 'host/password-filters.json' ("Get-ItemProperty '" + $lsa + "'") {
        Get-ItemProperty -Path $lsa | Select-Object -Property 'Notification Packages', 'RestrictRemoteSam', $hostColumn
    }
} elseif ($isOwn) {
    Save-Item 'remoteSam' 'host/lsa.json' ("Get-ItemProperty '" + $lsa + "'") {
        Get-ItemProperty -Path $lsa | Select-Object -Property 'RestrictRemoteSam', $hostColumn
    }
}
if ($isOwn) {
    try {
        $why = 'user rights are shown to administrators of the machine only'
        if (-not $isAdministrator) { throw (New-Object -TypeName System.UnauthorizedAccessException -ArgumentList $why) }
        $at = Get-Now
        $target = Get-Target 'host/security-policy.inf'
        $ErrorActionPreference = 'Continue'
        $answer = & secedit.exe /export /cfg $target /areas USER_RIGHTS SECURITYPOLICY /log ($target + '.log') /quiet 2>&1 | Out-String
        if ($LASTEXITCODE -ne 0 -or -not (Test-Path -Path $target)) { throw ('secedit: ' + $answer) }
        Add-File 'host/security-policy.inf' 'secedit /export /areas USER_RIGHTS SECURITYPOLICY' $thisHost $at
    } catch {
        Add-Gap 'userRights' $_
    }
    $ErrorActionPreference = 'Stop'
}

# ---- The event logs: only the sources that matter. ----
if ($hasConnect -or -not $isController) {
    Export-Log 'applicationLog' 'log/application.evtx' 'Application' ("Provider[@Name='PasswordResetService' or @Name='ADSync'] or " +
        "(Provider[@Name='Directory Synchronization'] and (EventID=611 or EventID=652 or EventID=655 or EventID=656 or EventID=657 or EventID=6900))")
}
if ($isController) {
    Export-Log 'securityLog' 'log/security.evtx' 'Security' 'EventID=4723 or EventID=4724 or EventID=4738 or EventID=4740 or EventID=4767 or EventID=1102'
    Export-Log 'passwordProtectionLog' 'log/password-protection.evtx' 'Microsoft-AzureADPasswordProtection-DCAgent/Admin' 'EventID>0'
}

# ---- The manifest and the zip file, whose names are written with forward slashes. ----
$manifest = [ordered]@{
    schema = 'sspr-evidence/1'; collector = [ordered]@{ name = 'sspr collect script'; version = '0.1.0' }
    files = @($files); notAvailable = @($gaps)
}
[System.IO.File]::WriteAllText((Get-Target 'manifest.json'), (ConvertTo-Json -InputObject $manifest -Depth 10), $utf8)
Add-Type -AssemblyName System.IO.Compression
Add-Type -AssemblyName System.IO.Compression.FileSystem
$zip = [System.IO.Compression.ZipFile]::Open($OutFile, 'Create')
try {
    foreach ($name in @('manifest.json') + @($files | ForEach-Object -Process { $_.path })) {
        $null = [System.IO.Compression.ZipFileExtensions]::CreateEntryFromFile($zip, (Join-Path -Path $work -ChildPath $name), $name)
    }
} finally {
    $zip.Dispose()
    Remove-Item -Path $work -Recurse -Force
}

Write-Host ('Wrote ' + $files.Count + ' files to ' + $OutFile)
$refused = @($gaps | Where-Object -FilterScript { $_.reason -eq 'noPermission' })
if ($refused.Count -gt 0) {
    Write-Host ('These wanted more rights: ' + (($refused | ForEach-Object -Process { $_.what }) -join ', '))
    Write-Host 'Run it again as a local administrator who is a member of ADSyncAdmins; for the domain''s logs and user rights on a domain controller,'
    Write-Host 'for fine-grained policies as a member of Domain Admins.'
}
$failed = @($gaps | Where-Object -FilterScript { $_.reason -ne 'noPermission' })
if ($failed.Count -gt 0) { Write-Host ('These were not available here: ' + (($failed | ForEach-Object -Process { $_.what }) -join ', ')) }
