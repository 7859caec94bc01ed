namespace Urllib4.HouseTests;

/// <summary>The checker itself, on sources small enough to see what it should say.</summary>
public sealed class LayeringRulesTests
{
    [Fact]
    public void An_arrow_to_the_left_is_allowed() =>
        Assert.Empty(Rules(("Primitives/A.cs", "public class A;"), ("Pools/B.cs", "public class B { A? a; }")).WrongArrows());

    [Fact]
    public void An_arrow_to_the_right_is_found_and_named() =>
        Assert.Equal(
            ["Primitives/A.cs:1 → Pools/B.cs (B)"],
            Rules(("Primitives/A.cs", "namespace Urllib4; public class A { B? b; }"), ("Pools/B.cs", "namespace Urllib4; public class B;")).WrongArrows());

    [Theory]
    [InlineData("class A { void F() { var b = Make.It(); } }")]
    [InlineData("class A { void F() { 1.Twice(); } }")]
    [InlineData("class A { object F() => Make.It().Inner.Deep; }")]
    [InlineData("class A { Other.Nested? n; }")]
    [InlineData("class A : System.Collections.Generic.List<Other>;")]
    [InlineData("using X = Urllib4.Pools.Other; class A { X? x; }")]
    [InlineData("class A { string F() => nameof(Other); }")]
    public void A_use_is_found_in_whatever_disguise(string user) =>
        Assert.NotEmpty(Rules(
            ("Waiting/A.cs", user.Contains("using X", StringComparison.Ordinal) ? user : "using Urllib4.Pools; " + user),
            ("Pools/Other.cs", """
                namespace Urllib4.Pools;
                public class Other { public int Deep; public class Nested; }
                public class Holder { public Other Inner = new(); }
                public static class Make { public static Holder It() => new(); public static int Twice(this int x) => 2 * x; }
                """)).WrongArrows());

    [Theory]
    [InlineData("/// <summary>See <see cref=\"B\"/>.</summary>\nclass A;")]
    [InlineData("// B does the rest.\nclass A;")]
    [InlineData("class A { int B { get; } int F() => B; }")]
    [InlineData("class A { string F() => \"B\"; }")]
    public void What_only_looks_like_a_use_is_none(string user) =>
        Assert.Empty(Rules(("Waiting/A.cs", user), ("Pools/B.cs", "class B;")).WrongArrows());

    [Theory]
    [InlineData("Primitives", true)]
    [InlineData("Protocol/Hpack", true)]
    [InlineData("Waiting", false)]
    [InlineData("Bodies", false)]
    [InlineData("Protocol/Http1", false)]
    [InlineData("Protocol/Socks", false)]
    public void Http2_sees_primitives_and_hpack_only(string room, bool allowed) =>
        Assert.Equal(allowed, !Rules(($"{room}/A.cs", "class A;"), ("Protocol/Http2/B.cs", "class B { A? a; }")).WrongArrows().Any());

    [Fact]
    public void Hpack_does_not_see_http2() =>
        Assert.NotEmpty(Rules(("Protocol/Http2/Frames/A.cs", "class A;"), ("Protocol/Hpack/B.cs", "class B { A? a; }")).WrongArrows());

    [Theory]
    [InlineData("Http1", "Bodies", true)]
    [InlineData("Bodies", "Http1", false)]
    [InlineData("Bodies", "Dialing", false)]
    public void Folders_of_a_room_see_those_to_their_left_only(string user, string used, bool allowed) =>
        Assert.Equal(
            allowed,
            !Rules(($"Connections/{used}/A.cs", "class A;"), ($"Connections/{user}/B.cs", "class B { A? a; }")).WrongInnerArrows().Any());

    [Fact]
    public void Files_beside_the_folders_see_them_and_are_seen() =>
        Assert.Empty(Rules(
            ("Connections/A.cs", "class A { B? b; }"), ("Connections/Bodies/B.cs", "class B { C? c; }"), ("Connections/C.cs", "class C;")).WrongInnerArrows());

    [Fact]
    public void A_folder_without_a_place_in_the_order_is_found() =>
        Assert.Equal(["Connections/Cellar has no place in the order of its room"], Rules(("Connections/Cellar/A.cs", "class A;")).UnknownFolders());

    [Fact]
    public void A_circle_of_two_or_three_files_is_found_once() =>
        Assert.Equal(
            ["Pools/A.cs ↔ Pools/B.cs ↔ Pools/C.cs"],
            Rules(
                ("Pools/A.cs", "class A { B? b; }"), ("Pools/B.cs", "class B { C? c; }"), ("Pools/C.cs", "class C { A? a; }"),
                ("Pools/D.cs", "class D { A? a; }")).Circles());

    [Fact]
    public void Partial_and_nested_types_and_errors_make_no_circle() =>
        Assert.Empty(Rules(
            ("Primitives/A.cs", "partial class A { A? other; class Inner { A? outer; } void F() => G(); }"),
            ("Primitives/A.More.cs", "partial class A { void G() => F(); }"),
            ("Primitives/Url.cs", "class Url { void F() => throw new BadUrlException(this); }"),
            ("Primitives/Errors/BadUrlException.cs", "class BadUrlException(Url url) : System.Exception { public Url Url => url; }")).Circles());

    [Fact]
    public void A_name_used_twice_is_found_and_a_partial_type_is_not() =>
        Assert.Equal(
            ["A is declared in Pools/A.cs and Waiting/A.cs"],
            Rules(("Pools/A.cs", "namespace X; class A;"), ("Waiting/A.cs", "namespace Y; class A;"), ("Pools/P1.cs", "partial class P;"), ("Pools/P2.cs", "partial class P;")).Doubles());

    [Fact]
    public void A_file_outside_the_rooms_is_found() =>
        Assert.Equal(["Cellar/A.cs declares A, but lies in no room"], Rules(("Cellar/A.cs", "class A;")).Homeless());

    [Theory]
    [InlineData("async System.Threading.Tasks.Task F() => await System.Threading.Tasks.Task.Yield();")]
    [InlineData("System.Threading.Tasks.ValueTask<int> F() => default;")]
    [InlineData("System.IO.Stream? s;")]
    [InlineData("long F() => System.DateTime.UtcNow.Ticks;")]
    [InlineData("int F() => System.Random.Shared.Next();")]
    [InlineData("System.TimeProvider? t;")]
    public void Protocol_knows_no_waiting_stream_or_clock(string member)
    {
        Assert.NotEmpty(Rules(("Protocol/Http1/A.cs", $"class A {{ {member} }}")).ForbiddenProtocolUses());
        Assert.Empty(Rules(("Connections/A.cs", $"class A {{ {member} }}")).ForbiddenProtocolUses());
    }

    [Fact]
    public void A_stream_of_frames_that_is_no_stream_of_bytes_is_allowed() =>
        Assert.Empty(Rules(("Protocol/Http2/A.cs", "class A { int Stream { get; } int F() => Stream; }")).ForbiddenProtocolUses());

    [Theory]
    [InlineData("System.Net.Sockets.Socket? s;")]
    [InlineData("System.Net.Security.SslStream? s;")]
    [InlineData("object F() => System.Net.Dns.GetHostName();")]
    public void Only_transport_names_sockets(string member)
    {
        Assert.NotEmpty(Rules(("Connections/A.cs", $"class A {{ {member} }}")).ForbiddenTransportUses());
        Assert.Empty(Rules(("Transport/A.cs", $"class A {{ {member} }}")).ForbiddenTransportUses());
    }

    private static LayeringRules Rules(params (string Path, string Text)[] files) => new(new SourceSet(files));
}
