using System.Text;
using Urllib4.Primitives;

namespace Urllib4.Tests.Primitives;

public sealed class AsciiSetTests
{
    [Fact]
    public void A_set_of_one_character_holds_that_one_and_nothing_else()
    {
        for (char member = '\0'; member < 128; member++)
        {
            var set = new AsciiSet(member.ToString());
            foreach (int c in Enumerable.Range(0, 600).Append(char.MaxValue))
                Assert.Equal(c == member, set.Contains(c));
        }
    }

    [Fact]
    public void An_empty_set_holds_nothing()
    {
        var set = new AsciiSet("");
        Assert.DoesNotContain(Enumerable.Range(0, 600), set.Contains);
    }

    [Theory]
    [InlineData("", -1)]
    [InlineData("?", -1)]
    [InlineData("?@~\u007f", -1)]
    [InlineData("x", 0)]
    [InlineData("x??", 0)]
    [InlineData("?x?", 1)]
    [InlineData("??x", 2)]
    [InlineData("??\u0080", 2)]
    [InlineData("?xx", 1)]
    public void The_first_character_that_is_not_in_the_set_is_found_wherever_it_stands(string text, int index)
    {
        var set = new AsciiSet("?@~\u007f");
        Assert.Equal(index, set.IndexOfOther(text));
        Assert.Equal(index, set.IndexOfOther(Encoding.Latin1.GetBytes(text)));
    }
}
