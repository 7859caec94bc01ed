using System.Text;

namespace Urllib4.Tests.Bodies;

public sealed class FieldListTests
{
    [Fact]
    public async Task Fields_are_written_as_one_writes_a_dictionary()
    {
        FieldList fields = new()
        {
            ["a"] = "b",
            ["size"] = 12,
            ["file"] = RequestField.File("x.txt", "data"u8.ToArray()),
            ["json"] = RequestBody.Json(1),
        };
        Assert.Equal(["a", "size", "file", "json"], fields.Select(static field => field.Name));
        Assert.Equal("x.txt", fields["file"]!.FileName);
        Assert.Equal(4, fields.Count);
        Assert.Equal("a", fields[0].Name);
        Assert.Equal("12", await fields["size"]!.Data.Text());
        Assert.Null(fields["A"]);
    }

    [Fact]
    public void Setting_a_name_replaces_all_its_fields_in_the_place_of_the_first()
    {
        FieldList fields = new() { { "a", "1" }, { "b", "2" }, { "a", "3" } };
        fields["a"] = "4";
        Assert.Equal("a=4&b=2", fields.ToQuery());
        fields["a"] = null;
        Assert.Equal("b=2", fields.ToQuery());
    }

    [Fact]
    public void Several_values_of_a_name_become_several_fields()
    {
        string[] tags = ["x y", "z"];
        FieldList fields = new() { { "tag", tags }, { "tag", "w" }, { "none", Array.Empty<string>() } };
        Assert.Equal("tag=x+y&tag=z&tag=w", fields.ToQuery());
    }

    [Fact]
    public void Pairs_a_dictionary_and_fields_make_the_same_list()
    {
        Assert.Equal("k=v&l=w", new FieldList(new Dictionary<string, string> { ["k"] = "v", ["l"] = "w" }).ToQuery());
        Assert.Equal("k=v&l=w", new FieldList([new("k", "v"), new("l", "w")]).ToQuery());
        FieldList fields = [new RequestField("k", "v"), new RequestField("l", "w")];
        Assert.Equal("k=v&l=w", fields.ToQuery());
        Assert.Equal("", new FieldList().ToQuery());
    }

    [Fact]
    public void Bytes_go_into_a_query_as_they_are() =>
        Assert.Equal("k=%FF+", new FieldList { ["k"] = RequestBody.FromBytes(new byte[] { 0xFF, 0x20 }) }.ToQuery());

    [Fact]
    public void A_query_and_an_urlencoded_body_have_no_place_for_files()
    {
        RequestField[] refused =
        [
            RequestField.File("x", "data"),
            RequestBody.FromStream(new SourceStream(3)),
            new RequestField("k", "v") { Headers = new() { { "X-A", "b" } } },
        ];
        foreach (var field in refused)
        {
            var fields = new FieldList { { "na\nme", field } };
            var refusal = Assert.Throws<InvalidRequestException>(fields.ToQuery);
            Assert.Contains("'na\\nme'", refusal.Message, StringComparison.Ordinal);
            Assert.Throws<InvalidRequestException>(() => fields.ToBody(multipart: false));
        }
    }

    [Fact]
    public async Task Fields_become_an_urlencoded_body()
    {
        var body = new FieldList { ["a"] = "ö", ["b"] = "c d" }.ToBody(multipart: false);
        Assert.Equal("a=%C3%B6&b=c+d", await body.Text());
        Assert.Equal("application/x-www-form-urlencoded", body.ContentType);
    }

    [Fact]
    public async Task Fields_become_a_multipart_body_that_later_changes_do_not_touch()
    {
        var fields = new FieldList { ["a"] = "b" };
        var body = fields.ToBody(multipart: true, "boundary");
        fields["a"] = "c";
        Assert.Equal("--boundary\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nb\r\n--boundary--\r\n", await body.Text());
        Assert.Equal("multipart/form-data; boundary=boundary", body.ContentType);
    }

    [Fact]
    public void A_field_needs_a_name()
    {
        Assert.Throws<ArgumentException>(() => new FieldList { RequestField.File("x", "data") });
        Assert.Throws<ArgumentException>(() => new FieldList { { "", "v" } });
        Assert.Throws<ArgumentException>(() => new FieldList { [""] = "v" });
        Assert.Throws<ArgumentNullException>(() => new FieldList { { "k", (RequestField)null! } });
        Assert.Throws<ArgumentNullException>(() => new FieldList { ["k"] = (string)null! });
    }

    [Fact]
    public void What_a_field_holds_is_not_shown() =>
        Assert.DoesNotContain("secret", new RequestField("k", "secret").ToString(), StringComparison.Ordinal);

    [Fact]
    public void A_file_on_this_machine_tells_the_last_part_of_its_path()
    {
        var field = RequestField.FromFile(Path.Combine("some", "where", "x.csv"));
        Assert.Equal("x.csv", field.FileName);
        Assert.Throws<ArgumentException>(() => RequestField.FromFile(""));
    }

    [Fact]
    public void Numbers_are_written_in_decimal_digits_in_every_culture() =>
        Assert.Equal("-1234567", Encoding.UTF8.GetString(((RequestField)(-1234567)).Data.InMemory!.Value.Span));
}
