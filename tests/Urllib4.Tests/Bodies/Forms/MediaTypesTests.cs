using Urllib4.Bodies;

namespace Urllib4.Tests.Bodies;

public sealed class MediaTypesTests
{
    [Theory]
    [InlineData("image.jpg", "image/jpeg")]
    [InlineData("IMAGE.JPG", "image/jpeg")]
    [InlineData("a.b.txt", "text/plain")]
    [InlineData("a.html", "text/html")]
    [InlineData("a.tar.gz", "application/gzip")]
    [InlineData("notsure", "application/octet-stream")]
    [InlineData("name", "application/octet-stream")]
    [InlineData("", "application/octet-stream")]
    [InlineData(".", "application/octet-stream")]
    [InlineData("a.txt\u0130", "application/octet-stream")]
    public void The_extension_of_a_file_suggests_its_type(string fileName, string expected) =>
        Assert.Equal(expected, MediaTypes.OfFile(fileName));
}
