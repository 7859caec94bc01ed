using Urllib4.PeerTests.Servers;

namespace Urllib4.SdkTests;

/// <summary>s3rver, which speaks the protocol of S3 and keeps its buckets in a directory.</summary>
public sealed class S3Peer : PeerServer
{
    /// <summary>The user and the password that it knows.</summary>
    public const string Key = "S3RVER";

    /// <summary>Makes sure that it is installed.</summary>
    public S3Peer()
        : base("s3rver", "s3rver (npm)")
    {
    }

    /// <summary>The port.</summary>
    public int Port { get; private set; }

    /// <summary>Where it is, without a slash at the end.</summary>
    public string Url => $"http://127.0.0.1:{Port}";

    /// <inheritdoc/>
    protected override IReadOnlyList<string> Configure()
    {
        Port = TakePort();
        return ["--directory", Path.Combine(Home, "buckets"), "--address", "127.0.0.1", "--port", $"{Port}", "--no-vhost-buckets"];
    }
}
