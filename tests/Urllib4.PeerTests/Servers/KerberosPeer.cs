using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Urllib4.PeerTests.Servers;

/// <summary>The key distribution centre of MIT Kerberos, with one user, and the service HTTP on localhost.</summary>
/// <remarks>Only one is possible in a process: the platform reads once where it is.</remarks>
public sealed partial class KerberosPeer : PeerServer
{
    /// <summary>What the user and the service belong to.</summary>
    public const string Realm = "PEERS.EXAMPLE";

    private readonly string _adminTool;
    private readonly string _databaseTool;

    /// <summary>Makes sure that it is installed.</summary>
    public KerberosPeer()
        : base("krb5kdc", "krb5-kdc")
    {
        _adminTool = InstalledFile.Require("kadmin.local", "krb5-admin-server");
        _databaseTool = InstalledFile.Require("kdb5_util", "krb5-kdc");
    }

    /// <summary>The keys of the service, for the web server.</summary>
    public string Keytab => Path.Combine(Home, "http.keytab");

    /// <inheritdoc/>
    protected override IReadOnlyList<string> Configure()
    {
        int port = TakePort();
        SetVariable("KRB5_CONFIG", Write("krb5.conf", $$"""
            [libdefaults]
              default_realm = {{Realm}}
              dns_lookup_kdc = false
              dns_canonicalize_hostname = false
              rdns = false
              udp_preference_limit = 1
            [realms]
              {{Realm}} = {
                kdc = 127.0.0.1:{{port}}
              }
            [domain_realm]
              localhost = {{Realm}}

            """));
        SetVariable("KRB5_KDC_PROFILE", Write("kdc.conf", $$"""
            [kdcdefaults]
              kdc_listen = 127.0.0.1:{{port}}
              kdc_tcp_listen = 127.0.0.1:{{port}}
            [realms]
              {{Realm}} = {
                database_name = {{Home}}/principal
                key_stash_file = {{Home}}/stash
                acl_file = {{Home}}/acl
              }

            """));
        // Nobody is logged in: what a test does not bring, it does not have.
        SetVariable("KRB5CCNAME", Path.Combine(Home, "no-tickets"));
        Run(_databaseTool, "create", "-s", "-P", "master", "-r", Realm);
        Run(_adminTool, "-q", $"addprinc -pw {ProxyUser.Known.Password} {ProxyUser.Known.Name}");
        Run(_adminTool, "-q", "addprinc -randkey HTTP/localhost");
        Run(_adminTool, "-q", $"ktadd -k {Keytab} HTTP/localhost");
        if (!OperatingSystem.IsWindows())
        {
            // The web server becomes somebody else before it reads them.
            File.SetUnixFileMode(Home, (UnixFileMode)0b111_101_101);
            File.SetUnixFileMode(Keytab, (UnixFileMode)0b110_100_100);
        }

        return ["-n"];
    }

    private static void Run(string tool, params IReadOnlyList<string> arguments)
    {
        var command = new ProcessStartInfo(tool, arguments) { RedirectStandardError = true, RedirectStandardOutput = true };
        using Process process = Process.Start(command)!;
        string said = process.StandardOutput.ReadToEnd() + process.StandardError.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{tool} {string.Join(' ', arguments)} failed: {said}");
    }

    // For the processes that are started from here, and for the library of Kerberos in this one, which knows nothing of .NET's copy.
    private static void SetVariable(string name, string value)
    {
        Environment.SetEnvironmentVariable(name, value);
        if (SetNative(name, value, 1) != 0)
            throw new InvalidOperationException($"{name} could not be set.");
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SetNative(string name, string value, int overwrite);
}
