namespace Urllib4.Bodies;

/// <summary>
/// The media type of a file by the extension of its name; urllib3's <c>guess_content_type</c> with a table of its own, so that the
/// same program sends the same on every machine.
/// </summary>
internal static class MediaTypes
{
    public const string OctetStream = "application/octet-stream";

    public static string OfFile(string fileName) => Path.GetExtension(fileName).ToLowerInvariant() switch
    {
        ".7z" => "application/x-7z-compressed",
        ".aac" => "audio/aac",
        ".avi" => "video/x-msvideo",
        ".avif" => "image/avif",
        ".bmp" => "image/bmp",
        ".bz2" => "application/x-bzip2",
        ".css" => "text/css",
        ".csv" => "text/csv",
        ".doc" => "application/msword",
        ".docx" => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        ".epub" => "application/epub+zip",
        ".flac" => "audio/flac",
        ".gif" => "image/gif",
        ".gz" => "application/gzip",
        ".htm" or ".html" => "text/html",
        ".ico" => "image/vnd.microsoft.icon",
        ".ics" => "text/calendar",
        ".jpe" or ".jpeg" or ".jpg" => "image/jpeg",
        ".js" or ".mjs" => "text/javascript",
        ".json" => JsonDefaults.MediaType,
        ".m4a" => "audio/mp4",
        ".md" => "text/markdown",
        ".mov" => "video/quicktime",
        ".mp3" => "audio/mpeg",
        ".mp4" => "video/mp4",
        ".mpeg" or ".mpg" => "video/mpeg",
        ".ods" => "application/vnd.oasis.opendocument.spreadsheet",
        ".odt" => "application/vnd.oasis.opendocument.text",
        ".oga" or ".ogg" or ".opus" => "audio/ogg",
        ".otf" => "font/otf",
        ".pdf" => "application/pdf",
        ".png" => "image/png",
        ".ppt" => "application/vnd.ms-powerpoint",
        ".pptx" => "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        ".rtf" => "application/rtf",
        ".svg" => "image/svg+xml",
        ".tar" => "application/x-tar",
        ".tif" or ".tiff" => "image/tiff",
        ".ttf" => "font/ttf",
        ".txt" => "text/plain",
        ".wasm" => "application/wasm",
        ".wav" => "audio/wav",
        ".weba" => "audio/webm",
        ".webm" => "video/webm",
        ".webp" => "image/webp",
        ".woff" => "font/woff",
        ".woff2" => "font/woff2",
        ".xls" => "application/vnd.ms-excel",
        ".xlsx" => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        ".xml" => "application/xml",
        ".yaml" or ".yml" => "application/yaml",
        ".zip" => "application/zip",
        ".zst" => "application/zstd",
        _ => OctetStream,
    };
}
