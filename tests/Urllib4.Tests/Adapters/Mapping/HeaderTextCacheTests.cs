using System.Globalization;
using System.Text;
using Urllib4.Adapters;

namespace Urllib4.Tests.Adapters;

public sealed class HeaderTextCacheTests
{
    private readonly HeaderTextCache _texts = new();

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("nosniff")]
    [InlineData("max-age=60")]
    [InlineData("Mon, 05 Jan 2026 10:00:00 GMT")]
    public void A_text_that_comes_again_is_the_same_object(string text)
    {
        string first = Of(text);

        Assert.Equal(text, first);
        Assert.Same(first, Of(text));
    }

    [Theory]
    [InlineData("caf\u00e9")]
    [InlineData("\u00ff\u0080")]
    public void A_byte_outside_ascii_is_the_character_of_that_number(string text)
    {
        Assert.Equal(text, Of(text));
        Assert.Equal(text, Of(text));
    }

    [Fact]
    public void Each_of_many_texts_is_read_as_it_is_whatever_came_before()
    {
        for (int i = 0; i < 5000; i++)
        {
            string text = (i * 7919 % 1000).ToString("D" + ((i % 20) + 3), CultureInfo.InvariantCulture);
            Assert.Equal(text, Of(text));
        }
    }

    [Fact]
    public void The_texts_of_a_response_with_twenty_headers_do_not_drive_each_other_out()
    {
        string[] texts = [.. Enumerable.Range(0, 40).Select(static i => string.Create(CultureInfo.InvariantCulture, $"X-Field-{i}"))];
        string[] first = [.. texts.Select(Of)];

        Assert.All(first, text => Assert.Same(text, Of(text)));
    }

    [Fact]
    public void What_does_not_come_back_is_not_kept_for_ever()
    {
        string first = Of("first");
        for (int i = 0; i < 10_000; i++)
            Of(i.ToString(CultureInfo.InvariantCulture));

        Assert.NotSame(first, Of("first"));
    }

    [Fact]
    public void Texts_that_differ_in_one_character_are_two()
    {
        for (int length = 1; length < 70; length++)
        {
            string text = new('a', length);
            for (int at = 0; at < length; at++)
            {
                string other = string.Concat(text.AsSpan(0, at), "b", text.AsSpan(at + 1));
                Assert.Equal(text, Of(text));
                Assert.Equal(other, Of(other));
            }
        }
    }

    [Fact]
    public void A_long_text_is_not_kept()
    {
        string text = new('a', 65);

        Assert.NotSame(Of(text), Of(text));
    }

    private string Of(string text) => _texts.Of(Encoding.Latin1.GetBytes(text));
}
