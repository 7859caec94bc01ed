namespace Urllib4.HouseTests;

/// <summary>The rooms of the library, as <c>docs/architecture.md</c> has them.</summary>
public sealed class LayeringTests(ITestOutputHelper output)
{
    /// <summary>Circles that are meant, each with its reason; one that is no longer there has to go from here as well.</summary>
    private static readonly Dictionary<string, string> MeantCircles = new()
    {
        ["Connections/HttpConnection.cs ↔ Connections/Lease.cs"] = "a lease holds a connection, and an exchange of the connection takes the lease over",
        ["Connections/Http1/Http1Connection.cs ↔ Connections/Http1/Http1Exchange.cs"] = "a connection keeps its one exchange, which ends on it",
        ["Connections/Http2/Http2Connection.cs ↔ Connections/Http2/Http2Exchange.cs"] = "a connection tells its exchanges what came, and they end on it",
        ["Transport/Wire.cs ↔ Transport/WireListener.cs"] = "a listener is a view of its wire",
        ["Policies/Auth/AuthHandshake.cs ↔ Policies/Auth/Authenticator.cs"] = "a handshake is with one authenticator, which notes in it what was said",
    };

    private readonly LayeringRules _rules = new(SourceSet.Library);

    [Fact]
    public void Every_file_lies_in_a_room() => Violations.AssertNone(_rules.Homeless());

    [Fact]
    public void No_two_types_share_a_name() => Violations.AssertNone(_rules.Doubles());

    [Fact]
    public void No_arrow_leads_to_the_right()
    {
        output.WriteLine(string.Join('\n', _rules.Graph()));
        Violations.AssertNone(_rules.WrongArrows());
    }

    [Fact]
    public void No_arrow_between_the_folders_of_a_room_runs_against_their_order()
    {
        Violations.AssertNone(_rules.UnknownFolders());
        Violations.AssertNone(_rules.WrongInnerArrows());
    }

    [Fact]
    public void No_files_of_a_room_form_a_circle_but_those_that_are_meant_to()
    {
        string[] circles = [.. _rules.Circles()];
        Violations.AssertNone(circles.Where(static c => !MeantCircles.ContainsKey(c)));
        Violations.AssertNone(MeantCircles.Keys.Except(circles).Select(static c => $"{c} is a circle no longer"));
    }

    [Fact]
    public void Protocol_knows_no_waiting_no_stream_and_no_clock() => Violations.AssertNone(_rules.ForbiddenProtocolUses());

    [Fact]
    public void Only_transport_names_sockets_tls_streams_and_name_look_up() => Violations.AssertNone(_rules.ForbiddenTransportUses());
}
