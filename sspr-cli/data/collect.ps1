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
    Directory (with the ActiveDirectory module: policy, controllers, accounts), or Log (only the
    event logs of this machine). Without it, what fits this machine is collected.

.PARAMETER OutFile
    The zip file. Without it, a new file in the current folder.
#>
[CmdletBinding()]
param(
    [ValidateSet('Connect', 'Directory', 'Log')] [string[]] $Part,
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
$sidColumn = @{ Name = 'SID'; Expression = { [string] $_.SID } }
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

function Add-File([string] $Path, [string] $Command, [hashtable] $Subject, [string] $ObservedAt) {
    $hash = (Get-FileHash -Algorithm SHA256 -Path (Join-Path -Path $work -ChildPath $Path)).Hash.ToLowerInvariant()
    $null = $files.Add([ordered]@{ path = $Path; command = $Command; subject = $Subject; observedAt = $ObservedAt; complete = $true; sha256 = $hash })
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
function Save-Item([string] $Kind, [string] $Path, [string] $Command, [scriptblock] $Read, [hashtable] $Subject = $thisHost, [switch] $Lines) {
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
        Add-File $Path $Command $Subject $at
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

# ---- The domain. ----
if ($parts -contains 'Directory') {
    try {
        Import-Module -Name ActiveDirectory
        $domain = Get-ADDomain
        $thisDomain = @{ type = 'domain'; name = $domain.DNSRoot }
        Save-Item 'domainPasswordPolicy' 'domain/password-policy.json' 'Get-ADDefaultDomainPasswordPolicy' {
            Get-ADDefaultDomainPasswordPolicy -Identity $domain.DNSRoot | Select-Object -Property 'ComplexityEnabled', 'DistinguishedName',
            'LockoutDuration', 'LockoutObservationWindow', 'LockoutThreshold', 'MaxPasswordAge', 'MinPasswordAge', 'MinPasswordLength',
            'PasswordHistoryCount', 'ReversibleEncryptionEnabled', 'objectClass', 'objectGuid'
        } -Subject $thisDomain
        Save-Item 'domainPasswordPolicy' 'domain/net-accounts.txt' 'net accounts /domain' { & net.exe accounts /domain | Out-String } -Subject $thisDomain
        Save-Item 'domainControllers' 'domain/controllers.json' 'Get-ADDomainController -Filter *' {
            , @(Get-ADDomainController -Filter '*' | Select-Object -Property 'HostName', 'Name', 'Domain', 'Forest', 'Site', 'IsReadOnly', 'IsGlobalCatalog',
                'OperatingSystem', 'OperatingSystemVersion')
        } -Subject $thisDomain
        foreach ($controller in @(Get-ADDomainController -Filter '*')) {
            Save-Item 'rootDse' ('domain/rootdse-' + $controller.HostName + '.json') 'Get-ADRootDSE -Properties supportedControl' {
                $root = Get-ADRootDSE -Server $controller.HostName -Properties 'supportedControl'
                $controls = @($root.supportedControl | ForEach-Object -Process { [string] $_ })
                $context = [string] $root.defaultNamingContext
                [pscustomobject]@{ dnsHostName = [string] $root.dnsHostName; defaultNamingContext = $context; supportedControl = $controls }
            } -Subject @{ type = 'host'; name = $controller.HostName }
        }
        Save-Item 'adUsers' 'domain/users.jsonl' 'Get-ADUser -Filter * -Properties PasswordLastSet, ...' {
            $properties = 'PasswordLastSet', 'PasswordNeverExpires', 'CannotChangePassword', 'adminCount', 'pwdLastSet', 'UserPrincipalName'
            $ids = @{ Name = 'ObjectGUID'; Expression = { [string] $_.ObjectGUID } }, $sidColumn
            Get-ADUser -Filter '*' -Properties $properties -ResultPageSize 1000 |
                Select-Object -Property (@('DistinguishedName', 'SamAccountName', 'Enabled') + $ids + $properties)
        } -Subject $thisDomain -Lines
        Save-Item 'passwordProtectionAgents' 'domain/protection-agents.json' 'Get-AzureADPasswordProtectionDCAgent' {
            , @(Get-AzureADPasswordProtectionDCAgent | Select-Object -Property 'ServerFQDN', 'SoftwareVersion', 'Domain', 'Forest',
                'PasswordPolicyDateUTC', 'HeartbeatUTC')
        } -Subject $thisDomain
        Save-Item 'accountGroups' 'domain/account-groups.json' 'Get-ADPrincipalGroupMembership -Identity ACCOUNT' {
            $accounts = @(Get-ADUser -Filter "SamAccountName -like 'MSOL_*'" | Select-Object -ExpandProperty 'SamAccountName')
            if ($accounts.Count -eq 0) { throw 'no connector account named MSOL_... was found' }
            , @($accounts | ForEach-Object -Process {
                    $who = $_
                    Get-ADPrincipalGroupMembership -Identity $who | Select-Object -Property 'Name', @{ Name = 'Account'; Expression = { $who } }, $sidColumn
                })
        } -Subject $thisDomain
        foreach ($link in @($domain.LinkedGroupPolicyObjects)) {
            $id = [regex]::Match($link, '(?i)\{[0-9a-f-]{36}\}').Value
            $source = '\\' + $domain.DNSRoot + '\SYSVOL\' + $domain.DNSRoot + '\Policies\' + $id + '\MACHINE\Microsoft\Windows NT\SecEdit\GptTmpl.inf'
            try {
                if (-not (Test-Path -Path $source)) { continue }
                $at = Get-Now
                $path = 'domain/gpo/' + $id.Trim('{', '}').ToLowerInvariant() + '/GptTmpl.inf'
                Copy-Item -Path $source -Destination (Get-Target $path)
                $name = [string] (Get-ADObject -Identity $link -Properties 'displayName').displayName
                Add-File $path ('Copy-Item ' + $source) @{ type = 'gpo'; id = $id; name = $name } $at
            } catch {
                Add-Gap 'gptTmpl' $_
            }
        }
    } catch {
        Add-Gap 'domainPasswordPolicy' $_
    }
    if ($isController) {
        Save-Item 'passwordFilters' 'host/password-filters.json' ("Get-ItemProperty '" + $lsa + "' 'Notification Packages'") {
            Get-ItemProperty -Path $lsa -Name 'Notification Packages' | Select-Object -Property 'Notification Packages', $hostColumn
        }
    }
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
    Write-Host 'Run it again as a local administrator who is a member of ADSyncAdmins, or on a domain controller as an Event Log Reader.'
}
$failed = @($gaps | Where-Object -FilterScript { $_.reason -ne 'noPermission' })
if ($failed.Count -gt 0) { Write-Host ('These were not available here: ' + (($failed | ForEach-Object -Process { $_.what }) -join ', ')) }
