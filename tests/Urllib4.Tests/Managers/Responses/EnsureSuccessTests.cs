using Urllib4.TestKit;

namespace Urllib4.Tests.Managers.Responses;

public sealed class EnsureSuccessTests : ModeTests
{
    [Theory]
    [InlineData(200, true)]
    [InlineData(204, true)]
    [InlineData(299, true)]
    [InlineData(304, false)]
    [InlineData(404, false)]
    [InlineData(500, false)]
    [InlineData(999, false)]
    public async Task Only_200_to_299_are_success(int status, bool isSuccess)
    {
        UrllibResponse response = UrllibResponse.Create(status);
        Assert.Equal(isSuccess, response.IsSuccess);
        if (isSuccess)
        {
            Assert.Same(response, response.EnsureSuccess());
            Assert.Same(response, await response.EnsureSuccessAsync());
        }
        else
        {
            Assert.Equal(status, Assert.Throws<ResponseException>(response.EnsureSuccess).Status);
            Assert.Equal(status, (await Assert.ThrowsAsync<ResponseException>(async () => await response.EnsureSuccessAsync())).Status);
        }
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task The_error_tells_what_was_answered_by_whom_and_how_it_began(Mode mode)
    {
        const string Body = "{\"error\":\"s3cret was wrong\"}";
        using CallRig rig = CallRig.Over(null, new Dialogue().ExpectRequest()
            .Send($"HTTP/1.1 403 Not you\r\nContent-Length: {Body.Length}\r\n\r\n{Body}"));
        UrllibResponse response = await rig.Send(mode, "GET", "/a?token=s3cret");
        ResponseException error = await Refused(mode, response);

        Assert.Equal((403, Body, 1), (error.Status, error.BodyStart, error.Attempts));
        Assert.Equal("http://example.com/a?token=s3cret", error.Url!.Href);
        Assert.Equal(response.Connection, error.Connection);
        Assert.Equal(Initiator.Server, error.Initiator);
        Assert.DoesNotContain("s3cret", error.ToString(), StringComparison.Ordinal);
        Assert.StartsWith(
            "The server answered 403 Not you, which is no success; BodyStart holds what it says [Follow, http://example.com/a?***, ",
            error.Message, StringComparison.Ordinal);
        Assert.Equal(Body, response.Text()); // what was read stays
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task Of_a_body_on_its_way_the_beginning_is_read_and_the_connection_given_back(Mode mode)
    {
        using CallRig rig = CallRig.Over(null, new Dialogue().ExpectRequest()
            .Send("HTTP/1.1 500 No\r\nContent-Length: 5000\r\n\r\n" + new string('a', 5000)));
        UrllibResponse response = await rig.Send(mode, "GET", "/", new() { PreloadContent = false });
        ResponseException error = await Refused(mode, response);
        Assert.Equal(new string('a', 4096), error.BodyStart);
        Assert.Equal(0, rig.Counts.Busy);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_body_that_breaks_off_hides_no_status(Mode mode)
    {
        using CallRig rig = CallRig.Over(null, new Dialogue().ExpectRequest()
            .Send("HTTP/1.1 500 No\r\nContent-Length: 50\r\n\r\nabc").Close());
        UrllibResponse response = await rig.Send(mode, "GET", "/", new() { PreloadContent = false });
        Assert.Equal("abc", (await Refused(mode, response)).BodyStart);
        Assert.Equal(0, rig.Counts.Busy);
    }

    [Fact]
    public void A_character_that_is_cut_in_two_is_left_out()
    {
        string text = new string('a', 4095) + "\u00fc";
        Assert.Equal(new string('a', 4095), Assert.Throws<ResponseException>(() => UrllibResponse.Create(500, text).EnsureSuccess()).BodyStart);
    }

    private static async Task<ResponseException> Refused(Mode mode, UrllibResponse response) => await Assert.ThrowsAsync<ResponseException>(
        () => Call(mode, response.EnsureSuccess, () => response.EnsureSuccessAsync().AsTask()));
}
