using System.Globalization;
using System.Text;

namespace Urllib4.Protocol.Http1;

/// <summary>Text that is not ours, made fit for a message: escaped, and cut at a hundred characters.</summary>
internal static class PeerText
{
    private const int Longest = 100;

    public static string Show(ReadOnlySpan<byte> bytes) =>
        Show(Encoding.Latin1.GetString(bytes[..Math.Min(bytes.Length, Longest + 1)]).AsSpan());

    public static string Show(ReadOnlySpan<char> text)
    {
        var shown = new StringBuilder();
        foreach (char c in text)
        {
            string next = c is >= ' ' and <= '~' ? c.ToString() : string.Create(CultureInfo.InvariantCulture, $"\\u{(int)c:X4}");
            if (shown.Length + next.Length > Longest)
                return shown.Append('…').ToString();
            shown.Append(next);
        }

        return shown.ToString();
    }
}
