using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Urllib4.Managers;

/// <summary>
/// A download that is not complete: the bytes so far in <c>name.part</c>, and in <c>name.part.etag</c> what they are bytes of. Without the
/// second the first is worth nothing, since nobody could tell what to put behind it.
/// </summary>
internal sealed class PartialFile
{
    private readonly string _path;
    private readonly string _source;

    private PartialFile(string path, string url)
    {
        _path = path;
        // Not the URL itself: there may be secrets in it.
        _source = Digest(url);
    }

    public string DataPath => _path + ".part";

    /// <summary>How many bytes are there.</summary>
    public long Length { get; private set; }

    /// <summary>The entity tag of what they are bytes of; null when there was no strong one, and so no going on.</summary>
    public string? Validator { get; private set; }

    /// <summary>How many bytes there are to be in the end, if that is known.</summary>
    public long? Complete { get; private set; }

    /// <summary>A digest of where they came from, after redirects, and in which coding; null as <see cref="Validator"/>.</summary>
    public string? Place { get; private set; }

    private string NotePath => DataPath + ".etag";

    /// <summary>Stands for a text that may hold a secret.</summary>
    public static string Digest(string text) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    /// <summary>Finds what an earlier download of the same URL to the same place has left; nothing, when that is of no use.</summary>
    public static PartialFile Find(string path, string url)
    {
        var part = new PartialFile(path, url);
        if (!part.TryRead())
            part.Forget();
        return part;
    }

    /// <summary>Looks how much is there now.</summary>
    public void Measure() => Length = File.Exists(DataPath) ? new FileInfo(DataPath).Length : 0;

    /// <summary>Begins anew, with what is known of the file from now on.</summary>
    public void Begin(string? entityTag, long? complete, string place)
    {
        Forget();
        Complete = complete;
        if (!IsStrong(entityTag))
            return;
        Validator = entityTag;
        Place = place;
        Note();
    }

    /// <summary>Remembers the length of the whole file; from then on nothing of another length is a part of it.</summary>
    public void Learn(long complete)
    {
        if (Complete == complete)
            return;
        Complete = complete;
        Note();
    }

    /// <summary>Drops what is there.</summary>
    public void Forget()
    {
        File.Delete(NotePath);
        File.Delete(DataPath);
        Length = 0;
        Validator = null;
        Place = null;
        Complete = null;
    }

    /// <summary>Puts the complete file in its place, in one step.</summary>
    public void Finish()
    {
        File.Move(DataPath, _path, overwrite: true);
        File.Delete(NotePath);
    }

    // A weak tag says that two files mean the same, not that they are the same bytes (RFC 9110, section 8.8.1).
    private static bool IsStrong(string? tag) =>
        tag is ['"', .., '"']
        && tag.AsSpan(1, tag.Length - 2).IndexOfAnyExceptInRange('!', '~') < 0
        && tag.LastIndexOf('"', tag.Length - 2) == 0;

    private void Note() =>
        File.WriteAllLines(NotePath, [_source, Validator!, Complete?.ToString(CultureInfo.InvariantCulture) ?? "?", Place!]);

    private bool TryRead()
    {
        if (!File.Exists(NotePath) || !File.Exists(DataPath))
            return false;
        Measure();
        if (File.ReadAllLines(NotePath) is not [var source, var tag, var complete, var place] || source != _source || !IsStrong(tag))
            return false;
        Validator = tag;
        Place = place;
        if (long.TryParse(complete, NumberStyles.None, CultureInfo.InvariantCulture, out long length))
            Complete = length;
        return Complete is null || Length < Complete;
    }
}
