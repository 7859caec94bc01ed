namespace Urllib4.PeerTests.Servers;

/// <summary>Apache, whose one page is for whoever proves with Kerberos who he is.</summary>
public sealed class ApachePeer : PeerServer
{
    private const string Modules = "/usr/lib/apache2/modules";

    private readonly KerberosPeer _kerberos;

    /// <summary>Makes sure that it is installed.</summary>
    /// <param name="kerberos">Whom it trusts.</param>
    public ApachePeer(KerberosPeer kerberos)
        : base("apache2", "apache2-bin")
    {
        _kerberos = kerberos;
        InstalledFile.Require($"{Modules}/mod_auth_gssapi.so", "libapache2-mod-auth-gssapi");
    }

    /// <summary>The page.</summary>
    public string Url { get; private set; } = "";

    /// <inheritdoc/>
    protected override IReadOnlyList<string> Configure()
    {
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(Home, (UnixFileMode)0b111_111_111);
        int port = TakePort();
        Url = $"http://localhost:{port}/page.txt";
        Write("page.txt", "for alice");
        string configuration = Write("apache.conf", $$"""
            ServerRoot {{Home}}
            PidFile {{Home}}/apache.pid
            Listen 127.0.0.1:{{port}}
            ServerName localhost
            LoadModule mpm_event_module {{Modules}}/mod_mpm_event.so
            LoadModule authn_core_module {{Modules}}/mod_authn_core.so
            LoadModule authz_core_module {{Modules}}/mod_authz_core.so
            LoadModule authz_user_module {{Modules}}/mod_authz_user.so
            LoadModule auth_gssapi_module {{Modules}}/mod_auth_gssapi.so
            User nobody
            Group nogroup
            ErrorLog /dev/stderr
            LogFormat "%u %r %>s"
            TransferLog {{AccessLog}}
            DocumentRoot {{Home}}
            <Directory {{Home}}>
              AuthType GSSAPI
              AuthName "peers"
              GssapiCredStore keytab:{{_kerberos.Keytab}}
              Require valid-user
            </Directory>

            """);
        return ["-f", configuration, "-DFOREGROUND"];
    }
}
