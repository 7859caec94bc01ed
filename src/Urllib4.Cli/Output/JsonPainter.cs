using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Urllib4.Cli.Output;

/// <summary>JSON for people: indented, in colours.</summary>
internal static class JsonPainter
{
    private static readonly JsonWriterOptions _indented = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The text with colours; null when it is no JSON.</summary>
    public static byte[]? Paint(ReadOnlyMemory<byte> json)
    {
        using var plain = new MemoryStream();
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 512 });
            using var writer = new Utf8JsonWriter(plain, _indented);
            document.WriteTo(writer);
        }
        catch (JsonException)
        {
            return null;
        }

        return Coloured(plain.ToArray());
    }

    private static byte[] Coloured(byte[] json)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = 512 });
        using var painted = new MemoryStream();
        int done = 0;
        while (reader.Read())
        {
            string? colour = reader.TokenType switch
            {
                JsonTokenType.PropertyName => "34",
                JsonTokenType.String => "32",
                JsonTokenType.Number => "36",
                JsonTokenType.True or JsonTokenType.False or JsonTokenType.Null => "35",
                _ => null,
            };
            int start = (int)reader.TokenStartIndex;
            int length = reader.ValueSpan.Length + (reader.TokenType is JsonTokenType.PropertyName or JsonTokenType.String ? 2 : 0);
            painted.Write(json.AsSpan(done, start - done));
            if (colour is not null)
                painted.Write(Encoding.ASCII.GetBytes($"{Terminal.Escape}{colour}m"));
            painted.Write(json.AsSpan(start, length));
            if (colour is not null)
                painted.Write(Encoding.ASCII.GetBytes($"{Terminal.Escape}0m"));
            done = start + length;
        }

        painted.Write(json.AsSpan(done));
        painted.WriteByte((byte)'\n');
        return painted.ToArray();
    }
}
