using System.Globalization;
using System.Text.Json;

namespace Urllib4.Har.Tests;

/// <summary>
/// The rules of HAR 1.2 (http://www.softwareishard.com/blog/har-12-spec/), object by object: which fields there have to be, which there
/// may be, and of what kind they are. Any other field has to begin with an underscore.
/// </summary>
internal static class HarSchema
{
    private static readonly Dictionary<string, string> _objects = new()
    {
        ["har"] = "log:log",
        ["log"] = "version:string creator:creator browser?:creator pages?:page[] entries:entry[] comment?:string",
        ["creator"] = "name:string version:string comment?:string",
        ["entry"] = "pageref?:string startedDateTime:date time:time request:request response:response cache:cache timings:timings "
            + "serverIPAddress?:string connection?:string comment?:string",
        ["request"] = "method:string url:url httpVersion:string cookies:cookie[] headers:pair[] queryString:pair[] postData?:postData "
            + "headersSize:size bodySize:size comment?:string",
        ["response"] = "status:number statusText:string httpVersion:string cookies:cookie[] headers:pair[] content:content "
            + "redirectURL:string headersSize:size bodySize:size comment?:string",
        ["cookie"] = "name:string value:string path?:string domain?:string expires?:date httpOnly?:bool secure?:bool comment?:string",
        ["pair"] = "name:string value:string comment?:string",
        ["postData"] = "mimeType:string params?:pair[] text?:string comment?:string",
        ["content"] = "size:size compression?:number mimeType:string text?:string encoding?:string comment?:string",
        ["cache"] = "beforeRequest?:any afterRequest?:any comment?:string",
        ["timings"] = "blocked?:span dns?:span connect?:span send:time wait:time receive:time ssl?:span comment?:string",
    };

    /// <summary>What breaks a rule, each with its place; nothing for a good file.</summary>
    public static IReadOnlyList<string> Faults(string json)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        var faults = new List<string>();
        Check("har", document.RootElement, "$", faults);
        if (faults.Count > 0)
            return faults;
        foreach (JsonElement entry in document.RootElement.GetProperty("log").GetProperty("entries").EnumerateArray())
            CheckSums(entry, faults);
        return faults;
    }

    private static void Check(string kind, JsonElement value, string place, List<string> faults)
    {
        if (kind.EndsWith("[]", StringComparison.Ordinal))
        {
            if (value.ValueKind != JsonValueKind.Array)
                faults.Add($"{place} is no array");
            else
                foreach ((int i, JsonElement item) in value.EnumerateArray().Index())
                    Check(kind[..^2], item, $"{place}[{i}]", faults);
        }
        else if (_objects.TryGetValue(kind, out string? fields))
        {
            CheckFields(fields, value, place, faults);
        }
        else if (!IsGood(kind, value))
        {
            faults.Add($"{place} is no {kind}: {value}");
        }
    }

    private static void CheckFields(string fields, JsonElement value, string place, List<string> faults)
    {
        if (value.ValueKind != JsonValueKind.Object)
        {
            faults.Add($"{place} is no object");
            return;
        }

        var known = fields.Split(' ').Select(static f => f.Split(':')).ToDictionary(static f => f[0].TrimEnd('?'), static f => (Kind: f[1], IsOptional: f[0].EndsWith('?')));
        foreach ((string name, (string kind, bool isOptional)) in known)
        {
            if (value.TryGetProperty(name, out JsonElement field))
                Check(kind, field, $"{place}.{name}", faults);
            else if (!isOptional)
                faults.Add($"{place}.{name} is missing");
        }

        faults.AddRange(value.EnumerateObject().Where(p => !known.ContainsKey(p.Name) && !p.Name.StartsWith('_')).Select(p => $"{place}.{p.Name} is unknown"));
    }

    private static bool IsGood(string kind, JsonElement value) => kind switch
    {
        "string" => value.ValueKind == JsonValueKind.String,
        "bool" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        "date" => value.ValueKind == JsonValueKind.String
            && DateTimeOffset.TryParse(value.GetString(), CultureInfo.InvariantCulture, out _) && value.GetString()!.Contains('T', StringComparison.Ordinal),
        "url" => value.ValueKind == JsonValueKind.String && Uri.TryCreate(value.GetString(), UriKind.Absolute, out Uri? url) && url.Fragment.Length == 0,
        "number" => value.ValueKind == JsonValueKind.Number,
        "time" => value.ValueKind == JsonValueKind.Number && value.GetDouble() >= 0,
        "span" => value.ValueKind == JsonValueKind.Number && value.GetDouble() is >= 0 or -1,
        "size" => value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out long size) && size >= -1,
        _ => kind == "any",
    };

    // The total is the sum of the phases that there were; the time of TLS is part of that of the connection.
    private static void CheckSums(JsonElement entry, List<string> faults)
    {
        JsonElement timings = entry.GetProperty("timings");
        double sum = timings.EnumerateObject().Where(static t => t.Name != "ssl" && t.Value.GetDouble() > 0).Sum(static t => t.Value.GetDouble());
        if (Math.Abs(sum - entry.GetProperty("time").GetDouble()) > 0.001)
            faults.Add($"time is not the sum of {timings}");
        if (timings.GetProperty("ssl").GetDouble() > timings.GetProperty("connect").GetDouble())
            faults.Add($"ssl is not part of connect in {timings}");
        if (entry.GetProperty("request").TryGetProperty("postData", out JsonElement post)
            && post.TryGetProperty("params", out _) == post.TryGetProperty("text", out _))
            faults.Add("postData has to have params or text, and not both");
    }
}
