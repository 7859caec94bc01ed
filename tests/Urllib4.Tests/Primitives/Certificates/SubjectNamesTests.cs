using System.Net;
using System.Security.Cryptography.X509Certificates;
using Urllib4.Primitives;
using Urllib4.TestKit;

namespace Urllib4.Tests.Primitives;

public sealed class SubjectNamesTests
{
    [Theory]
    [InlineData("example.com", "example.com", true)]
    [InlineData("EXAMPLE.com", "example.com", true)]
    [InlineData("example.com", "www.example.com", false)]
    [InlineData("example.com.", "example.com", true)]
    [InlineData("*.example.com.", "www.example.com", true)]
    [InlineData("example.com..", "example.com", false)]
    [InlineData("*.com.", "example.com", false)]
    [InlineData(".", "example.com", false)]
    [InlineData("*.example.com", "a_b.example.com", true)]
    [InlineData("", "example.com", false)]
    [InlineData("*.example.com", "www.example.com", true)]
    [InlineData("*.EXAMPLE.com", "www.example.com", true)]
    [InlineData("*.example.com", "xn--bcher-kva.example.com", true)]
    [InlineData("*.example.com", "example.com", false)] // the star is a label
    [InlineData("*.example.com", ".example.com", false)]
    [InlineData("*.example.com", "a.b.example.com", false)] // and one only
    [InlineData("w*.example.com", "www.example.com", false)] // and a whole one
    [InlineData("*w.example.com", "www.example.com", false)]
    [InlineData("xn--*.example.com", "xn--bcher-kva.example.com", false)]
    [InlineData("www.*.com", "www.example.com", false)] // and the first
    [InlineData("*.*.com", "www.example.com", false)]
    [InlineData("*.com", "example.com", false)] // never before a top-level domain
    [InlineData("*", "localhost", false)]
    [InlineData("*.", "localhost", false)]
    [InlineData("*", "example.com", false)]
    [InlineData("*.example.com\0.evil.example", "www.example.com", false)] // CVE-2009-2417
    [InlineData("example.com\0.evil.example", "example.com", false)]
    [InlineData("exampl\u0435.com", "example.com", false)]
    public void TL_03_a_name_stands_for_a_host_as_RFC_9525_says(string name, string host, bool matches) =>
        Assert.Equal(matches, SubjectNames.Match(name, host));

    [Theory]
    [InlineData("127.0.0.1", true)]
    [InlineData("::1", true)]
    [InlineData("127.0.0.2", false)]
    [InlineData("::2", false)]
    [InlineData("10.0.0.1", false)] // there as a name
    [InlineData("10.0.0.2", false)] // there with a star
    public void TL_02_an_address_is_found_among_addresses_only(string host, bool matches)
    {
        using X509Certificate2 certificate = Issue(new Leaf
        {
            CommonName = host,
            Names = ["10.0.0.1", "*.0.0.2"],
            Addresses = [IPAddress.Loopback, IPAddress.IPv6Loopback],
        });
        Assert.Equal(matches, SubjectNames.Match(certificate.RawData, host));
    }

    [Fact]
    public void The_common_name_names_nobody()
    {
        using X509Certificate2 certificate = Issue(new Leaf { CommonName = "localhost" });
        Assert.Empty(SubjectNames.Of(certificate.RawData));
        Assert.False(SubjectNames.Match(certificate.RawData, "localhost"));
    }

    [Fact]
    public void TL_11_ten_thousand_names_are_searched_and_eight_are_shown()
    {
        using X509Certificate2 certificate = Issue(new Leaf { Names = [.. Enumerable.Range(0, 10_000).Select(static n => $"h{n}.example")] });
        Assert.True(SubjectNames.Match(certificate.RawData, "h9999.example"));
        Assert.False(SubjectNames.Match(certificate.RawData, "h10000.example"));

        CertificateFacts facts = CertificateFacts.Of(certificate);

        Assert.Equal(10_000, facts.Names.Length);
        Assert.EndsWith("h7.example and 9992 more", facts.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("82096C6F63616C686F7374", true)] // dNSName localhost
    [InlineData("810161" + "82096C6F63616C686F7374" + "8603613A62", true)] // among an address of mail and a URI
    [InlineData("8704C0000201" + "82096C6F63616C686F7374", true)]
    [InlineData("82096C6F63616C686F7374" + "8205", false)] // whatever is cut makes all of it worthless
    [InlineData("82096C6F63616C686F7374" + "8101FF", false)] // no ASCII
    [InlineData("82096C6F63616C686FF374", false)]
    [InlineData("A20B" + "82096C6F63616C686F7374", false)] // constructed
    [InlineData("0C096C6F63616C686F7374", false)] // no general name
    [InlineData("86096C6F63616C686F7374", false)] // a URI
    [InlineData("", false)]
    public void The_names_are_read_where_they_lie(string names, bool matches)
    {
        byte[] coded = Convert.FromHexString(names);
        using X509Certificate2 certificate = WithNames([0x30, (byte)coded.Length, .. coded]);
        Assert.Equal(matches, SubjectNames.Match(certificate.RawData, "localhost"));
        Assert.Equal(matches, SubjectNames.Of(certificate.RawData).Contains("localhost"));
    }

    [Fact]
    public void What_is_no_certificate_names_nobody()
    {
        using X509Certificate2 certificate = Issue(new Leaf { Names = ["localhost"] });
        byte[] whole = certificate.RawData;
        for (int length = 0; length < whole.Length; length++)
            Assert.False(SubjectNames.Match(whole.AsSpan(0, length), "localhost"));
        Assert.True(SubjectNames.Match(whole, "localhost"));
    }

    [Fact]
    public void What_cannot_be_read_names_nobody()
    {
        using X509Certificate2 certificate = WithNames([0x30, 0x20, 0x82]);
        Assert.Empty(SubjectNames.Of(certificate.RawData));
        Assert.False(SubjectNames.Match(certificate.RawData, "localhost"));
    }

    private static X509Certificate2 WithNames(byte[] extension)
    {
        using var key = System.Security.Cryptography.ECDsa.Create();
        var request = new CertificateRequest("CN=localhost", key, System.Security.Cryptography.HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509Extension("2.5.29.17", extension, critical: false));
        return request.CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(100));
    }

    private static X509Certificate2 Issue(Leaf leaf)
    {
        using var authority = new CertificateAuthority();
        return authority.Issue(leaf).Certificate;
    }
}
