using System.Net.Sockets;
using Urllib4.Primitives;
using Urllib4.TestKit;
using Urllib4.Transport;
using Urllib4.Waiting;

namespace Urllib4.SocketTests.Transport;

/// <summary>The idle check of a wire with TLS, at the level of records.</summary>
public sealed class TlsIdleTests : ModeTests
{
    private static readonly CertificateAuthority _authority = new();
    private static readonly IssuedCertificate _certificate = _authority.Issue("localhost");

    [Theory, ClassData(typeof(BothModes))]
    public async Task Session_tickets_that_come_late_are_the_engines_own_business(Mode mode)
    {
        await using var server = MisbehavingServer.Start(new Dialogue().StartTls(_certificate).Stall());
        using Socket socket = Connect(server);

        // The handshake is over for the client when it has sent its last word; the tickets are the server's answer to that.
        using Wire wire = await Handshake(mode, socket);
        Assert.True(socket.Poll(TimeSpan.FromSeconds(10), SelectMode.SelectRead), "No tickets came.");

        Assert.True(wire.IsQuiet(mode == Mode.Blocking));
        Assert.True(wire.IsQuiet(mode == Mode.Blocking));
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_byte_makes_it_unfit_for_good(Mode mode)
    {
        var gate = new Gate();
        await using var server = MisbehavingServer.Start(new Dialogue().StartTls(_certificate).WaitFor(gate).Send("HTTP/1.1").Stall());
        using Socket socket = Connect(server);
        using Wire wire = await Handshake(mode, socket);
        Assert.True(socket.Poll(TimeSpan.FromSeconds(10), SelectMode.SelectRead));
        Assert.True(wire.IsQuiet(mode == Mode.Blocking));

        gate.Open();
        Assert.True(socket.Poll(TimeSpan.FromSeconds(10), SelectMode.SelectRead));

        Assert.False(wire.IsQuiet(mode == Mode.Blocking));
        Assert.False(wire.IsQuiet(mode == Mode.Blocking));
    }

    private static Socket Connect(MisbehavingServer server)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Connect(server.EndPoint);
        return socket;
    }

    private static async Task<Wire> Handshake(Mode mode, Socket socket)
    {
        var wire = new Wire(new SocketStream(socket, TimeProvider.System), TimeProvider.System, mode == Mode.Blocking, "localhost");
        var upgrade = new TlsUpgrade(new TlsOptions { CaCerts = new([_authority.Root]) }, "localhost");
        wire.Await(HttpPhase.Tls, TimeSpan.FromMinutes(2), Deadline.None);
        await Call(
            mode,
            () => Blocking.Result(upgrade.Handshake<Blocking>(wire)),
            () => upgrade.Handshake<Asynchronous>(wire).AsTask());
        wire.Rest();
        return wire;
    }
}
