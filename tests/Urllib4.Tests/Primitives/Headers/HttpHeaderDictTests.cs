namespace Urllib4.Tests.Primitives;

public sealed class HttpHeaderDictTests
{
    [Fact]
    public void A_name_is_found_in_any_case_and_keeps_the_spelling_and_order_it_was_added_with()
    {
        var headers = new HttpHeaderDict { { "X-a", "1" }, { "ETag", "2" }, { "x-A", "3" } };

        Assert.Equal("1, 3", headers["X-A"]);
        Assert.Equal("2", headers["etag"]);
        Assert.Equal(["X-a: 1", "ETag: 2", "x-A: 3"], Lines(headers));
        Assert.Equal(["X-a", "ETag"], headers.Names);
    }

    [Fact]
    public void A_missing_name_gives_null_and_an_empty_list()
    {
        var headers = new HttpHeaderDict { ["A"] = "1" };

        Assert.Null(headers["B"]);
        Assert.False(headers.Contains("B"));
        Assert.False(headers.TryGetValue("B", out _));
        Assert.Empty(headers.GetAll("B"));
    }

    [Fact]
    public void An_empty_value_is_a_value()
    {
        var headers = new HttpHeaderDict { ["A"] = "" };

        Assert.Equal("", headers["A"]);
        Assert.True(headers.TryGetValue("a", out string? value));
        Assert.Equal("", value);
    }

    [Fact]
    public void Setting_replaces_every_line_and_the_spelling_in_the_place_of_the_first()
    {
        var headers = new HttpHeaderDict { { "a", "1" }, { "b", "2" }, { "A", "3" }, { "c", "4" }, { "a", "5" } };

        headers["A"] = "6";

        Assert.Equal(["A: 6", "b: 2", "c: 4"], Lines(headers));
    }

    [Fact]
    public void Setting_null_removes_the_header()
    {
        var headers = new HttpHeaderDict { { "a", "1" }, { "b", "2" }, { "A", "3" } };

        headers["a"] = null;

        Assert.Equal(["b: 2"], Lines(headers));
    }

    [Fact]
    public void Setting_a_name_that_differs_from_another_by_a_letter_of_other_alphabets_is_refused_rather_than_taken_for_it()
    {
        var headers = new HttpHeaderDict { ["Kind"] = "1" };

        Assert.Null(headers["\u212Aind"]);
        Assert.Throws<InvalidHeaderException>(() => headers["\u212Aind"] = "2");
    }

    [Fact]
    public void Combining_joins_the_last_line_of_the_name()
    {
        var headers = new HttpHeaderDict { { "A", "1" }, { "C", "3" }, { "B", "2" }, { "B", "3" }, { "A", "4" } };

        headers.Add("c", "5", combine: true);
        headers.Add("C", "6");
        headers.Add("a", "7", combine: true);
        headers.Add("D", "8", combine: true);

        Assert.Equal(["A: 1", "C: 3, 5", "B: 2", "B: 3", "A: 4, 7", "C: 6", "D: 8"], Lines(headers));
        Assert.Equal(["3, 5", "6"], headers.GetAll("C"));
        Assert.Equal("3, 5, 6", headers["C"]);
    }

    [Fact]
    public void Set_Cookie_is_never_joined()
    {
        var headers = new HttpHeaderDict { { "Set-Cookie", "a=1; Expires=Wed, 21 Oct 2026 07:28:00 GMT" } };
        headers.Add("set-cookie", "b=2", combine: true);

        Assert.Equal("a=1; Expires=Wed, 21 Oct 2026 07:28:00 GMT", headers["Set-Cookie"]);
        Assert.Equal(["a=1; Expires=Wed, 21 Oct 2026 07:28:00 GMT", "b=2"], headers.GetAll("set-cookie"));
    }

    [Fact]
    public void Values_are_not_split_at_commas()
    {
        var headers = new HttpHeaderDict { { "A", "1, 2" }, { "A", "3" } };

        Assert.Equal(["1, 2", "3"], headers.GetAll("A"));
    }

    [Fact]
    public void Count_counts_names_and_enumerating_gives_lines()
    {
        var headers = new HttpHeaderDict { { "A", "1" }, { "B", "2" }, { "a", "3" } };

        Assert.Equal(2, headers.Count);
        Assert.Equal(3, Lines(headers).Length);
        Assert.Equal(Lines(headers), headers.Lines.ToArray().Select(line => $"{line.Key}: {line.Value}"));
    }

    [Fact]
    public void It_is_made_from_pairs_dictionaries_and_other_headers_whose_repeated_names_are_added()
    {
        var pairs = new HttpHeaderDict([new("a", "1"), new("A", "2")]);

        Assert.Equal(["a: 1", "A: 2"], Lines(pairs));
        Assert.Equal(["a: 1", "A: 2"], Lines(new HttpHeaderDict(pairs)));
        Assert.Equal(["x: y"], Lines(new HttpHeaderDict(new Dictionary<string, string> { ["x"] = "y" })));
    }

    [Fact]
    public void Extending_adds_and_updating_overwrites()
    {
        var extended = new HttpHeaderDict { { "a", "1" }, { "b", "2" }, { "a", "3" } };
        var updated = extended.Clone();
        var more = new HttpHeaderDict { { "A", "4" }, { "A", "5" }, { "c", "6" } };

        extended.Extend(more);
        updated.Update(more);

        Assert.Equal(["a: 1", "b: 2", "a: 3", "A: 4", "A: 5", "c: 6"], Lines(extended));
        Assert.Equal(["A: 4", "b: 2", "A: 5", "c: 6"], Lines(updated));
    }

    [Fact]
    public void It_can_be_extended_by_itself()
    {
        var headers = new HttpHeaderDict { { "a", "1" }, { "b", "2" } };

        headers.Extend(headers);

        Assert.Equal(["a: 1", "b: 2", "a: 1", "b: 2"], Lines(headers));
    }

    [Fact]
    public void TryAdd_leaves_a_present_name_alone()
    {
        var headers = new HttpHeaderDict { ["A"] = "1" };

        Assert.False(headers.TryAdd("a", "2"));
        Assert.True(headers.TryAdd("b", "3"));
        Assert.Equal(["A: 1", "b: 3"], Lines(headers));
    }

    [Fact]
    public void Removing_takes_every_line_and_tells_whether_there_was_one()
    {
        var headers = new HttpHeaderDict { { "A", "1" }, { "B", "2" }, { "a", "3" } };

        Assert.True(headers.Remove("a", out string? value));
        Assert.Equal("1, 3", value);
        Assert.False(headers.Remove("A"));
        Assert.False(headers.Remove("A", out _));
        Assert.Equal(["B: 2"], Lines(headers));
    }

    [Fact]
    public void A_clone_is_independent()
    {
        var headers = new HttpHeaderDict { ["A"] = "1" };
        var clone = headers.Clone();

        clone.Add("A", "2");
        headers["B"] = "3";

        Assert.Equal(["A: 1", "B: 3"], Lines(headers));
        Assert.Equal(["A: 1", "A: 2"], Lines(clone));
    }

    [Fact]
    public void Read_only_headers_are_a_copy_that_refuses_every_change()
    {
        var headers = new HttpHeaderDict { ["A"] = "1" };
        var fixedOnes = headers.AsReadOnly();
        headers["A"] = "2";

        Assert.True(fixedOnes.IsReadOnly);
        Assert.False(headers.IsReadOnly);
        Assert.Same(fixedOnes, fixedOnes.AsReadOnly());
        Assert.Throws<InvalidOperationException>(() => fixedOnes["A"] = "3");
        Assert.Throws<InvalidOperationException>(() => fixedOnes["A"] = null);
        Assert.Throws<InvalidOperationException>(() => fixedOnes.Add("B", "3"));
        Assert.Throws<InvalidOperationException>(() => fixedOnes.Add("A", "3", combine: true));
        Assert.Throws<InvalidOperationException>(() => fixedOnes.TryAdd("B", "3"));
        Assert.Throws<InvalidOperationException>(() => fixedOnes.Remove("A"));
        Assert.Throws<InvalidOperationException>(() => fixedOnes.Extend(headers));
        Assert.Throws<InvalidOperationException>(() => fixedOnes.Update(headers));
        Assert.Equal(["A: 1"], Lines(fixedOnes));
    }

    [Fact]
    public void A_clone_of_read_only_headers_can_be_changed()
    {
        var clone = new HttpHeaderDict { ["A"] = "1" }.AsReadOnly().Clone();

        clone["A"] = "2";

        Assert.Equal("2", clone["A"]);
    }

    [Fact]
    public void Freezing_makes_the_very_same_headers_read_only()
    {
        var headers = new HttpHeaderDict { ["A"] = "1" };

        Assert.Same(headers, headers.Freeze());
        Assert.Throws<InvalidOperationException>(() => headers.Remove("A"));
    }

    [Fact]
    public void Equality_ignores_case_and_order_of_names_and_how_values_are_spread_over_lines()
    {
        var one = new HttpHeaderDict { { "A", "1" }, { "b", "3" }, { "a", "2" } };
        var other = new HttpHeaderDict { { "B", "3" }, { "a", "1, 2" } };

        Assert.True(one.Equals(other));
        Assert.True(one.Equals((object)other));
        Assert.Equal(one.GetHashCode(), other.GetHashCode());
    }

    [Fact]
    public void Equality_sees_another_value_an_additional_name_another_order_of_values_and_another_type()
    {
        var headers = new HttpHeaderDict { { "a", "1" }, { "a", "2" } };

        Assert.False(headers.Equals(new HttpHeaderDict { { "a", "1" }, { "a", "3" } }));
        Assert.False(headers.Equals(new HttpHeaderDict { { "a", "1, 2" }, { "b", "" } }));
        Assert.False(headers.Equals(new HttpHeaderDict { { "b", "1, 2" } }));
        Assert.False(headers.Equals(new HttpHeaderDict { { "a", "2" }, { "a", "1" } }));
        Assert.False(headers.Equals(new HttpHeaderDict { { "a", "1, 2" }, { "a", "" } }));
        Assert.False(headers.Equals(null));
        Assert.False(headers.Equals((object)"a: 1, 2"));
    }

    [Fact]
    public void Two_cookies_do_not_equal_one_with_a_comma()
    {
        var two = new HttpHeaderDict { { "Set-Cookie", "a" }, { "Set-Cookie", "b" } };

        Assert.False(two.Equals(new HttpHeaderDict { { "Set-Cookie", "a, b" } }));
        Assert.False(two.Equals(new HttpHeaderDict { { "Set-Cookie", "a" } }));
        Assert.True(two.Equals(new HttpHeaderDict { { "set-cookie", "a" }, { "set-cookie", "b" } }));
    }

    [Fact]
    public void Text_shows_every_line_but_no_secret_IN_13()
    {
        var headers = new HttpHeaderDict
        {
            { "Accept", "x" }, { "authorization", "Basic czNjcmV0" }, { "COOKIE", "s3cret" }, { "Set-Cookie", "s3cret" },
            { "Proxy-Authorization", "s3cret" }, { "X-Api-Key", "s3cret" }, { "Referer", "/?s3cret" }, { "accept", "y" },
        };

        Assert.Equal(
            "Accept: x\nauthorization: [redacted]\nCOOKIE: [redacted]\nSet-Cookie: [redacted]\nProxy-Authorization: [redacted]\n"
            + "X-Api-Key: [redacted]\nReferer: [redacted]\naccept: y",
            headers.ToString());
        Assert.Equal("", new HttpHeaderDict().ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("a:")]
    [InlineData("a\r\nb")]
    [InlineData("\u00E9")]
    public void An_illegal_name_is_refused_when_it_is_added_IN_03(string name)
    {
        var headers = new HttpHeaderDict();

        Assert.Throws<InvalidHeaderException>(() => headers.Add(name, "1"));
        Assert.Throws<InvalidHeaderException>(() => headers[name] = "1");
        Assert.Throws<InvalidHeaderException>(() => headers.Extend([new(name, "1")]));
        Assert.Equal(0, headers.Count);
    }

    [Fact]
    public void An_illegal_value_is_refused_when_it_is_added_and_blanks_around_a_legal_one_are_dropped_IN_03()
    {
        var headers = new HttpHeaderDict { { "A", " \t1 2\t " } };

        Assert.Throws<InvalidHeaderException>(() => headers.Add("B", "1\r\nC: 2"));
        Assert.Throws<InvalidHeaderException>(() => headers["B"] = "\u010D\u010A");
        Assert.Equal(["A: 1 2"], Lines(headers));
    }

    [Fact]
    public void Null_is_refused_by_name()
    {
        var headers = new HttpHeaderDict();

        Assert.Throws<ArgumentNullException>("name", () => headers.Add(null!, "1"));
        Assert.Throws<ArgumentNullException>("value", () => headers.Add("A", null!));
        Assert.Throws<ArgumentNullException>("name", () => headers[null!]);
        Assert.Throws<ArgumentNullException>("name", () => headers[null!] = "1");
        Assert.Throws<ArgumentNullException>("name", () => headers.GetAll(null!));
        Assert.Throws<ArgumentNullException>("name", () => headers.Remove(null!));
        Assert.Throws<ArgumentNullException>("lines", () => headers.Extend(null!));
    }

    [Theory]
    [InlineData("accept-encoding")]
    [InlineData("Host")]
    [InlineData("USER-AGENT")]
    public void The_three_automatic_headers_can_be_skipped(string name)
    {
        var headers = new HttpHeaderDict { { name, "x" }, { name, HttpHeaderDict.SkipHeader } };

        Assert.True(headers.IsSkipped(name));
        Assert.Single(headers.GetAll(name));
        Assert.True(headers.Clone().IsSkipped(name));
        Assert.True(new HttpHeaderDict(headers).IsSkipped(name));
        Assert.False(new HttpHeaderDict().IsSkipped(name));
    }

    [Fact]
    public void A_later_line_takes_the_place_of_a_skipped_one()
    {
        var headers = new HttpHeaderDict { { "Host", HttpHeaderDict.SkipHeader } };

        headers.Add("host", "a", combine: true);

        Assert.Equal(["host: a"], Lines(headers));
        Assert.False(headers.IsSkipped("Host"));
    }

    [Fact]
    public void Text_that_reads_like_the_skip_value_is_only_text()
    {
        var headers = new HttpHeaderDict { ["Host"] = "@@@SKIP_HEADER@@@" };

        Assert.Equal(HttpHeaderDict.SkipHeader, headers["Host"]);
        Assert.False(headers.IsSkipped("Host"));
    }

    [Theory]
    [InlineData("Content-Length")]
    [InlineData("content-length")]
    [InlineData("Accept")]
    public void Other_headers_refuse_to_be_skipped_and_the_message_lists_those_that_can(string name)
    {
        var headers = new HttpHeaderDict();

        var error = Assert.Throws<InvalidHeaderException>(() => headers[name] = HttpHeaderDict.SkipHeader);

        Assert.Contains("'Accept-Encoding', 'Host' and 'User-Agent'", error.Message, StringComparison.Ordinal);
        Assert.Equal(name, error.Name);
    }

    private static string[] Lines(HttpHeaderDict headers) => [.. headers.Select(line => $"{line.Key}: {line.Value}")];
}
