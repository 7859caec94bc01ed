using Urllib4.Bodies;

namespace Urllib4.Tests.Bodies;

public sealed class FormEncodingTests
{
    [Theory]
    [InlineData("a", "b", "a=b")]
    [InlineData("", "", "=")]
    [InlineData("a b", "c+d", "a+b=c%2Bd")]
    [InlineData("ä", "€😀", "%C3%A4=%E2%82%AC%F0%9F%98%80")]
    [InlineData("k", "azAZ09*-._", "k=azAZ09*-._")]
    [InlineData("k", "~!'()&=?#/%\"", "k=%7E%21%27%28%29%26%3D%3F%23%2F%25%22")]
    [InlineData("k", "\r\n\0\u007F", "k=%0D%0A%00%7F")]
    [InlineData("k", "\u010D\u010A", "k=%C4%8D%C4%8A")]
    public async Task A_form_is_encoded_as_browsers_do(string name, string value, string expected)
    {
        var body = RequestBody.Form([new(name, value)]);
        Assert.Equal(expected, await body.Text());
        Assert.Equal("application/x-www-form-urlencoded", body.ContentType);
        Assert.Equal(expected.Length, body.Length);
    }

    [Fact]
    public async Task A_form_keeps_order_and_duplicates()
    {
        Assert.Equal("b=1&a=2&b=3", await RequestBody.Form([new("b", "1"), new("a", "2"), new("b", "3")]).Text());
        Assert.Equal("", await RequestBody.Form([]).Text());
        Assert.Equal("a=b", await RequestBody.Form(new Dictionary<string, string> { ["a"] = "b" }).Text());
    }

    [Fact]
    public void A_form_refuses_null_and_halves_of_surrogate_pairs()
    {
        Assert.Throws<ArgumentNullException>(() => RequestBody.Form([new("a", null!)]));
        Assert.Throws<InvalidRequestException>(() => RequestBody.Form([new("a", "\uD800")]));
        Assert.Throws<InvalidRequestException>(() => RequestBody.Form([new("\uDC00", "b")]));
    }

    [Theory]
    [InlineData("http://h/p", "http://h/p?a=b")]
    [InlineData("http://h", "http://h?a=b")]
    [InlineData("http://h/p?", "http://h/p?a=b")]
    [InlineData("http://h/p?x=1", "http://h/p?x=1&a=b")]
    [InlineData("http://h/p?x=1&", "http://h/p?x=1&a=b")]
    [InlineData("http://h/p#f", "http://h/p?a=b#f")]
    [InlineData("http://h/p?x#f", "http://h/p?x&a=b#f")]
    [InlineData("http://h/p#f?y&z", "http://h/p?a=b#f?y&z")]
    [InlineData("/p?x=?", "/p?x=?a=b")]
    public void A_query_is_added_behind_the_one_there_is_and_before_the_fragment(string url, string expected) =>
        Assert.Equal(expected, FormEncoding.AppendTo(url, "a=b"));

    [Fact]
    public void An_empty_query_leaves_the_URL_alone() => Assert.Equal("http://h/p?#", FormEncoding.AppendTo("http://h/p?#", ""));
}
