using Urllib4.Primitives;

namespace Urllib4.Tests.Primitives;

public sealed class PathSegmentsTests
{
    [Theory]
    [InlineData("/a/b/c/./../../g", "/a/g")]
    [InlineData("/..//x", "//x")]
    [InlineData("/a/..", "/")]
    [InlineData("/a/.", "/a/")]
    [InlineData("/a//..", "/a/")]
    [InlineData("/../../..", "/")]
    [InlineData("/./..", "/")]
    public void Dot_segments_are_taken_out(string path, string result)
    {
        Assert.True(PathSegments.HasDots(path));
        Assert.Equal(result, PathSegments.RemoveDots(path));
    }

    [Theory]
    [InlineData("")]
    [InlineData("/")]
    [InlineData("/a.b/c..")]
    [InlineData("/.a/..b/...")]
    [InlineData("/%2e%2e/a")]
    [InlineData("//")]
    public void Other_segments_stay(string path) => Assert.False(PathSegments.HasDots(path));

    [Fact]
    [Trait("check", "UR-12")]
    public void UR_12_a_megabyte_of_segments_is_done_in_one_pass()
    {
        const int Count = 1 << 18;

        string down = string.Concat(Enumerable.Repeat("/a", Count));
        string up = string.Concat(Enumerable.Repeat("/..", Count));

        Assert.Equal("/x", PathSegments.RemoveDots(up + "/x"));
        Assert.Equal("/", PathSegments.RemoveDots(down + up));
    }
}
