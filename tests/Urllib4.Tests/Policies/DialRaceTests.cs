using System.Net;
using Urllib4.Policies;
using Urllib4.TestKit;

namespace Urllib4.Tests.Policies;

/// <summary>RFC 8305, sections 4 and 5: who is dialed when.</summary>
public sealed class DialRaceTests
{
    private static readonly TimeSpan _headStart = TimeSpan.FromMilliseconds(250);

    [Theory]
    [InlineData("[::1]:1 [::2]:1 [::3]:1 1.1.1.1:1 2.2.2.2:1", null, "[::1]:1 1.1.1.1:1 [::2]:1 2.2.2.2:1 [::3]:1")]
    [InlineData("1.1.1.1:1 2.2.2.2:1 [::1]:1", null, "1.1.1.1:1 [::1]:1 2.2.2.2:1")]
    [InlineData("1.1.1.1:1 2.2.2.2:1", null, "1.1.1.1:1 2.2.2.2:1")]
    [InlineData("[::1]:1 1.1.1.1:1 2.2.2.2:1", "2.2.2.2:1", "2.2.2.2:1 [::1]:1 1.1.1.1:1")]
    [InlineData("[::1]:1 1.1.1.1:1", "9.9.9.9:1", "[::1]:1 1.1.1.1:1")]
    public void Families_take_turns_and_the_last_winner_leads(string answer, string? winner, string order) => Assert.Equal(
        order,
        string.Join(' ', DialRace.Order(
            Array.ConvertAll(answer.Split(' '), IPEndPoint.Parse), winner is null ? null : IPEndPoint.Parse(winner))));

    [Fact]
    public void The_next_one_begins_after_the_head_start_and_not_before()
    {
        var race = new DialRace(2, _headStart);
        Assert.True(race.TryBegin(TimeSpan.Zero, out int first));
        Assert.False(race.TryBegin(_headStart - TimeSpan.FromTicks(1), out _));
        Assert.Equal(_headStart, race.Wait(TimeSpan.Zero));
        Assert.True(race.TryBegin(_headStart, out int second));
        Assert.Equal((0, 1), (first, second));
        Assert.False(race.TryBegin(TimeSpan.FromDays(1), out _));
        Assert.Equal(Timeout.InfiniteTimeSpan, race.Wait(_headStart));
    }

    [Fact]
    public void A_failure_lets_the_next_one_begin_at_once_and_the_last_one_ends_the_race()
    {
        var race = new DialRace(2, _headStart);
        Assert.True(race.TryBegin(TimeSpan.Zero, out _));
        race.Failed();
        Assert.False(race.IsLost);
        Assert.Equal(TimeSpan.Zero, race.Wait(TimeSpan.Zero));
        Assert.True(race.TryBegin(TimeSpan.Zero, out _));
        race.Failed();
        Assert.True(race.IsLost);
    }

    [Theory]
    [InlineData(250, -1, 5, 250)]
    [InlineData(250, 2000, 5, 250)]
    [InlineData(250, 600, 4, 150)]
    [InlineData(250, 200, 10, 100)]
    [InlineData(20, 100, 10, 20)]
    public void A_short_limit_shortens_the_head_start_down_to_a_tenth_of_a_second(int wanted, int left, int count, int expected) =>
        Assert.Equal(
            TimeSpan.FromMilliseconds(expected),
            DialRace.HeadStart(TimeSpan.FromMilliseconds(wanted), TimeSpan.FromMilliseconds(left), count));

    [Fact]
    public void A_winner_is_forgotten_when_it_fails_and_after_ten_minutes()
    {
        var clock = new VirtualTime();
        var winner = new DialWinner();
        IPEndPoint address = IPEndPoint.Parse("1.1.1.1:1");
        Assert.Null(winner.EndPoint);
        winner.Remember(address, clock);
        winner.Forget(IPEndPoint.Parse("1.1.1.1:2"));
        Assert.Equal(address, winner.EndPoint);
        clock.Advance(TimeSpan.FromMinutes(10));
        Assert.Null(winner.EndPoint);
        winner.Remember(address, clock);
        winner.Forget(IPEndPoint.Parse("1.1.1.1:1"));
        Assert.Null(winner.EndPoint);
    }

    [Fact]
    public void A_head_start_is_ten_milliseconds_to_a_day_or_infinite()
    {
        Assert.Equal(_headStart, new PoolOptions().ConnectHeadStart);
        _ = new PoolOptions { ConnectHeadStart = Timeout.InfiniteTimeSpan };
        Assert.Throws<ArgumentOutOfRangeException>(() => new PoolOptions { ConnectHeadStart = TimeSpan.FromMilliseconds(9) });
        Assert.Throws<ArgumentOutOfRangeException>(() => new PoolOptions { ConnectHeadStart = TimeSpan.FromDays(2) });
    }
}
