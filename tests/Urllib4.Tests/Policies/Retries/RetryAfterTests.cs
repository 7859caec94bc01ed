using System.Globalization;
using Urllib4.Policies;

namespace Urllib4.Tests.Policies;

public sealed class RetryAfterTests
{
    private static readonly DateTimeOffset _now = new(2019, 6, 3, 11, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("0", 0)]
    [InlineData("1", 1)]
    [InlineData("1000", 1000)]
    [InlineData("\t42 ", 42)]
    [InlineData("007", 7)]
    [InlineData("3600", 3600)]
    public void Digits_are_seconds(string text, int seconds) => Parses(text, TimeSpan.FromSeconds(seconds));

    [Theory]
    [InlineData("9223372036854775807")]
    [InlineData("9223372036854775808")]
    [InlineData("922337203686")]
    [InlineData("99999999999999999999999999999999999999")]
    public void Too_many_seconds_for_a_time_are_as_many_as_there_are(string text) => Parses(text, TimeSpan.MaxValue);

    [Theory]
    [InlineData("Mon, 03 Jun 2019 11:30:12 GMT", 1812)]
    [InlineData("Monday, 03-Jun-19 11:30:12 GMT", 1812)]
    [InlineData("Mon Jun  3 11:30:12 2019", 1812)]
    [InlineData("Mon, 3 Jun 2019 12:00:00 UTC", 3600)]
    [InlineData("Mon, 03 Jun 2019 11:00:60 GMT", 60)]
    [InlineData("Mon, 03 Jun 2019 11:00:00 GMT", 0)]
    [InlineData("Mon, 03 Jun 2019 10:59:59 GMT", 0)]
    [InlineData("Sun, 06 Nov 1994 08:49:37 GMT", 0)]
    public void The_three_forms_of_a_date_are_read(string text, int seconds) => Parses(text, TimeSpan.FromSeconds(seconds));

    [Fact]
    public void The_last_moment_that_can_be_written_does_not_overflow() =>
        Parses("Thu, 31 Dec 9998 23:59:60 GMT", new DateTimeOffset(9999, 1, 1, 0, 0, 0, TimeSpan.Zero) - _now);

    [Fact]
    public void The_zone_of_the_clock_does_not_matter()
    {
        DateTimeOffset elsewhere = _now.ToOffset(TimeSpan.FromHours(-8));
        Assert.True(RetryAfter.TryParse("Mon, 03 Jun 2019 11:30:12 GMT", elsewhere, out TimeSpan delay));
        Assert.Equal(TimeSpan.FromSeconds(1812), delay);
    }

    [Theory]
    [InlineData("2019-06-03", "19", 2019)]
    [InlineData("2019-06-03", "69", 2069)]
    [InlineData("2019-06-02", "69", 1969)]
    [InlineData("2019-06-03", "70", 1970)]
    [InlineData("2019-06-03", "94", 1994)]
    [InlineData("2019-06-03", "00", 2000)]
    [InlineData("2099-06-03", "05", 2105)]
    [InlineData("2099-06-03", "49", 2049)]
    public void A_year_of_two_digits_is_within_fifty_years(string today, string year, int meant)
    {
        DateTimeOffset now = DateTimeOffset.ParseExact(today, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
        DateTimeOffset date = new(meant, 6, 3, 0, 0, 0, TimeSpan.Zero);
        Assert.True(RetryAfter.TryParse($"Monday, 03-Jun-{year} 00:00:00 GMT", now, out TimeSpan delay));
        Assert.Equal(date > now ? date - now : TimeSpan.Zero, delay);
    }

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    [InlineData("-1")]
    [InlineData("+1")]
    [InlineData("1.0")]
    [InlineData("²")]
    [InlineData("٣")]
    [InlineData("1, 2")]
    [InlineData("1 2")]
    [InlineData("0x10")]
    [InlineData("soon")]
    [InlineData("Mon, 03 Jun 2019 11:30:12")]
    [InlineData("Mon, 03 Jun 2019 11:30:12 PST")]
    [InlineData("Mon, 03 Jun 2019 11:30:61 GMT")]
    [InlineData("Mon, 03 Jun 2019 11:30:12 +0000")]
    [InlineData("Mon, 03 Jun 2019 24:00:00 GMT")]
    [InlineData("Mon, 03 Jun 2019 11:60:00 GMT")]
    [InlineData("Mon, 03 Jun 2019 1:00:00 GMT")]
    [InlineData("Mon, 03 Jun 2019 11-30-12 GMT")]
    [InlineData("Mon, 31 Jun 2019 11:30:12 GMT")]
    [InlineData("Fri, 29 Feb 2019 11:30:12 GMT")]
    [InlineData("Mon, 00 Jun 2019 11:30:12 GMT")]
    [InlineData("Mon, 03 anF 2019 11:30:12 GMT")]
    [InlineData("Mon, 03 Foo 2019 11:30:12 GMT")]
    [InlineData("Mon, 03 Jun 219 11:30:12 GMT")]
    [InlineData("Mon, 03 Jun 0000 11:30:12 GMT")]
    [InlineData("Mon, 03 Jun 12019 11:30:12 GMT")]
    [InlineData("Mob, 03 Jun 2019 11:30:12 GMT")]
    [InlineData("03 Jun 2019 11:30:12 GMT")]
    [InlineData("Mon, 03 Jun 2019 11:30:12 GMT GMT")]
    [InlineData("Mon, 003 Jun 2019 11:30:12 GMT")]
    [InlineData("Fri, 31 Dec 9999 23:59:60 GMT")]
    public void Anything_else_counts_as_no_value(string text)
    {
        Assert.False(RetryAfter.TryParse(text, _now, out TimeSpan delay));
        Assert.Equal(TimeSpan.Zero, delay);
    }

    [Fact]
    public void A_value_too_long_to_be_one_is_not_read()
    {
        Assert.False(RetryAfter.TryParse(new string('1', 65), _now, out _));
        Assert.False(RetryAfter.TryParse(new string(',', 1 << 20), _now, out _));
        Parses(new string(' ', 1 << 20) + "5", TimeSpan.FromSeconds(5));
    }

    private static void Parses(string text, TimeSpan expected)
    {
        Assert.True(RetryAfter.TryParse(text, _now, out TimeSpan delay));
        Assert.Equal(expected, delay);
    }
}
