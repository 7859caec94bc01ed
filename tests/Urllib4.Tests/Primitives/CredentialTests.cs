namespace Urllib4.Tests.Primitives;

public sealed class CredentialTests
{
    [Fact]
    public void It_is_compared_character_by_character()
    {
        Assert.Equal(new Credential("user", "secret"), new Credential("user", "secret"));
        Assert.NotEqual(new Credential("user", "secret"), new Credential("user", "Secret"));
        Assert.NotEqual(new Credential("user", "secret"), new Credential("User", "secret"));
        Assert.NotEqual(new Credential("u\u00E9", ""), new Credential("ue\u0301", ""));
    }

    [Fact]
    [Trait("check", "IN-13")]
    public void IN_13_its_text_shows_neither_user_nor_password()
    {
        string text = $"{new Credential("token-as-user", "secret")}";

        Assert.Equal("[redacted]", text);
    }

    [Fact]
    public void Half_a_surrogate_pair_is_refused_and_not_shown()
    {
        // Attributes cannot hold such text.
        string user = Assert.Throws<InvalidRequestException>(() => new Credential("a\uD800", "")).Message;
        string password = Assert.Throws<InvalidRequestException>(() => new Credential("", "\uDC00a")).Message;

        Assert.Contains("user name of a credential holds half of a surrogate pair (at index 1)", user, StringComparison.Ordinal);
        Assert.Contains("password of a credential holds half of a surrogate pair (at index 0)", password, StringComparison.Ordinal);
    }

    [Fact]
    public void Null_is_refused()
    {
        Assert.Throws<ArgumentNullException>(() => new Credential(null!, ""));
        Assert.Throws<ArgumentNullException>(() => new Credential("", null!));
    }
}
