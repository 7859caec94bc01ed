using System.Globalization;
using System.Text;

namespace Urllib4.Primitives;

/// <summary>
/// International names: UTS 46 without transitional mapping and with the STD3 rules, as the platform's ICU does it, then narrowed to the
/// letters, digits and marks of IDNA 2008 (RFC 5892), which the platform does not check. So hearts and snowmen are no hosts, as in urllib3.
/// </summary>
internal static class Idna
{
    internal const string Prefix = "xn--";

    private static readonly IdnMapping Mapping = new() { UseStd3AsciiRules = true };

    private static readonly bool IsReliable = MapsAsUts46(Mapping.GetAscii);

    /// <summary>
    /// Whether a mapping folds full-width letters and keeps the sharp s. Without ICU (invariant globalisation) the platform does the first
    /// wrongly, and then one name would mean two hosts, depending on how the process was started.
    /// </summary>
    internal static bool MapsAsUts46(Func<string, string> toAscii) => toAscii("Ａ") == "a" && toAscii("ß") == "xn--zca";

    /// <summary>Maps one label; the result may hold dots, as some characters fold to them, and has to be checked again.</summary>
    /// <returns>The rule that was broken, or null.</returns>
    internal static string? Fold(ReadOnlySpan<char> label, out string ascii)
    {
        ascii = "";
        if (!IsReliable)
        {
            return "names outside ASCII need ICU, and this process runs with invariant globalisation: give the host in its 'xn--' form";
        }

        try
        {
            ascii = Mapping.GetAscii(label.ToString());
            return null;
        }
        catch (ArgumentException)
        {
            return "the label is not a valid IDNA label";
        }
    }

    /// <summary>Whether a lower-case label with the <see cref="Prefix"/> stands for a name outside ASCII (UTS 46 §4.1).</summary>
    internal static bool IsGenuine(ReadOnlySpan<char> label)
    {
        try
        {
            string unicode = Mapping.GetUnicode(label.ToString());
            return !Ascii.IsValid(unicode) && IsSpelledInLetters(unicode) && label.SequenceEqual(Mapping.GetAscii(unicode));
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    private static bool IsSpelledInLetters(string label)
    {
        foreach (Rune rune in label.EnumerateRunes())
        {
            bool letter = Rune.GetUnicodeCategory(rune) is UnicodeCategory.LowercaseLetter or UnicodeCategory.UppercaseLetter
                or UnicodeCategory.OtherLetter or UnicodeCategory.ModifierLetter or UnicodeCategory.DecimalDigitNumber
                or UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark;
            if (!letter && !IsException(rune))
            {
                return false;
            }
        }

        return true;
    }

    // RFC 5892 §2.6 and §2.8: the hyphen, signs that belong to words of one script, and the joiners, whose context ICU has checked.
    private static bool IsException(Rune rune) => rune.Value is '-' or 0x00B7 or 0x0375 or 0x05F3 or 0x05F4 or 0x06FD or 0x06FE
        or 0x0F0B or 0x3007 or 0x30FB or 0x200C or 0x200D;
}
