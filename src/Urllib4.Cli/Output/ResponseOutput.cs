using System.Text;
using Urllib4.Cli.Requests;

namespace Urllib4.Cli.Output;

/// <summary>Shows a response: in colours to a person, as plain bytes to a pipe or a file.</summary>
internal static class ResponseOutput
{
    // More than a person reads; what is longer goes out as it comes.
    private const int MostFormatted = 4 * 1024 * 1024;

    public static void Write(UrllibResponse response, RequestPlan plan, OutputInput output)
    {
        bool isFile = output.File is not null || output.RemoteName;
        bool isPretty = !isFile && (output.Pretty ?? Terminal.HasColours(Console.IsOutputRedirected));
        using Stream target = Terminal.OpenOutput();
        if (output.ShowHead || plan.Method == "HEAD")
            WriteHead(response, target, isPretty);
        if (isFile)
            WriteFile(response, output.RemoteName ? NameOf(plan.Url) : output.File!);
        else if (isPretty && IsJson(response) && (response.LengthRemaining ?? 0) <= MostFormatted)
            WriteJson(response, target);
        else
            WriteBytes(response, target);
    }

    /// <summary>The file name at the end of a URL.</summary>
    public static string NameOf(string url)
    {
        string path = Url.Parse(url).Path ?? "";
        string name = Uri.UnescapeDataString(path[(path.LastIndexOf('/') + 1)..]);
        return name.Length == 0 || name is "." or ".." || name.AsSpan().IndexOfAny('/', '\\', '\0') >= 0
            ? throw CliException.Usage("this URL does not end in the name of a file; give one with --output")
            : name;
    }

    private static void WriteHead(UrllibResponse response, Stream target, bool isPretty)
    {
        var text = new StringBuilder();
        string version = response.Version.ToString(response.Version.Major > 1 ? 1 : 2);
        string status = $"HTTP/{version} {response.Status} {response.Reason}".TrimEnd();
        text.Append(Terminal.Paint(status, response.IsSuccess ? "1;32" : "1;31", isPretty)).Append('\n');
        foreach ((string name, string value) in response.Headers)
            text.Append(Terminal.Paint(name, "36", isPretty)).Append(": ").Append(isPretty ? Harmless(value) : value).Append('\n');
        text.Append('\n');
        target.Write(Encoding.UTF8.GetBytes(text.ToString()));
    }

    private static void WriteBytes(UrllibResponse response, Stream target)
    {
        byte[] buffer = new byte[64 * 1024];
        bool isFirst = true;
        while (response.Read(buffer) is > 0 and int count)
        {
            // A terminal takes such bytes for commands.
            if (isFirst && Terminal.IsOutput && buffer.AsSpan(0, count).Contains((byte)0))
            {
                throw new CliException(
                    ExitCodes.CannotWrite, "the body is not text, and a terminal cannot show it; use --output, or a pipe");
            }

            isFirst = false;
            target.Write(buffer.AsSpan(0, count));
        }

        target.Flush();
    }

    private static void WriteJson(UrllibResponse response, Stream target)
    {
        byte[] body = response.Data;
        byte[] shown = JsonPainter.Paint(body) ?? body;
        target.Write(shown);
        target.Flush();
    }

    // Nothing is under its name before it is complete.
    private static void WriteFile(UrllibResponse response, string path)
    {
        if (path == "-")
        {
            using Stream output = Terminal.OpenOutput();
            WriteBytes(response, output);
            return;
        }

        if (!File.Exists(path) || (File.GetAttributes(path) & FileAttributes.Device) == 0)
        {
            string part = $"{path}.{Environment.ProcessId}.part";
            try
            {
                using (FileStream file = new(part, FileMode.Create, FileAccess.Write, FileShare.Read, 1))
                    response.CopyTo(file);
                File.Move(part, path, overwrite: true);
            }
            catch
            {
                File.Delete(part);
                throw;
            }
        }
        else
        {
            using FileStream device = File.OpenWrite(path);
            response.CopyTo(device);
        }
    }

    private static bool IsJson(UrllibResponse response) =>
        response.Headers["Content-Type"]?.Split(';')[0].Trim().EndsWith("json", StringComparison.OrdinalIgnoreCase) == true;

    private static string Harmless(string value) => string.Concat(value.Select(static c => char.IsControl(c) ? '\ufffd' : c));
}
