using System.Net;
using System.Net.Sockets;
using Urllib4.PeerTests.Servers;
using Xunit.Sdk;

namespace Urllib4.PeerTests.FixtureTests;

public sealed class PeerServerTests
{
    private const string Reason = "nothing-of-that-name is not installed; .ci/run installs it";

    [Fact]
    public void A_missing_server_leaves_the_test_out_with_the_reason()
    {
        // Assertions about exceptions let the one through that leaves a test out: it has to be caught by hand.
        string? message = null;
        try
        {
            InstalledFile.Require("nothing-of-that-name", "nothing-of-that-name", isRequired: false);
        }
        catch (SkipException e)
        {
            message = e.Message;
        }

        Assert.EndsWith(Reason, message);
    }

    [Fact]
    public void A_missing_server_fails_the_test_where_peers_are_required()
    {
        var e = Assert.Throws<InvalidOperationException>(
            static () => InstalledFile.Require("nothing-of-that-name", "nothing-of-that-name", isRequired: true));

        Assert.Equal(Reason, e.Message);
    }

    [Fact]
    public void A_server_that_ends_at_once_is_reported_with_its_words()
    {
        using var broken = new BrokenPeer();

        Assert.Contains("No such file", Assert.Throws<InvalidOperationException>(broken.Start).Message);
        Assert.Equal(3, broken.Configured);
    }

    [Fact]
    public void A_disposed_server_no_longer_listens()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        var peer = new MicrosocksPeer();
        peer.Start();
        peer.Dispose();

        Assert.Throws<SocketException>(() => socket.Connect(IPAddress.Loopback, peer.Port));
    }

    private sealed class BrokenPeer() : PeerServer("cat", "coreutils")
    {
        public int Configured { get; private set; }

        protected override IReadOnlyList<string> Configure()
        {
            Configured++;
            TakePort();
            return ["/nowhere"];
        }
    }
}
