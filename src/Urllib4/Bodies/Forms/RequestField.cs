using System.Diagnostics.CodeAnalysis;
using Urllib4.Bodies;

namespace Urllib4;

/// <summary>One field of a form: a name and what it holds, text or a file; urllib3's <c>RequestField</c>.</summary>
/// <remarks>
/// Immutable; <c>with</c> gives a changed copy. Text converts to a field by itself, so that
/// <c>new FieldList { ["size"] = 12, ["file"] = RequestField.File("a.txt", bytes) }</c> can be written.
/// </remarks>
public sealed record RequestField : OptionsRecord
{
    private readonly string _name = string.Empty;
    private readonly RequestBody _data;

    /// <summary>Creates a field of text, which is sent in UTF-8 and, as browsers do, without a <c>Content-Type</c>.</summary>
    /// <param name="name">The name.</param>
    /// <param name="text">The text.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="InvalidRequestException">The text holds half of a surrogate pair, which UTF-8 cannot write.</exception>
    public RequestField(string name, string text)
        : this(name, RequestBody.FromString(text, contentType: null))
    {
    }

    /// <summary>Creates a field that holds a body. Its bytes are read while the request is sent, never gathered first.</summary>
    /// <param name="name">The name.</param>
    /// <param name="data">The body. If it cannot be sent twice, neither can the form; if its length is unknown, so is the form's.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public RequestField(string name, RequestBody data)
        : this(data) => Name = name;

    private RequestField(RequestBody data)
    {
        ArgumentNullException.ThrowIfNull(data);
        _data = data;
    }

    /// <summary>The name. Empty for a field made without one, which gets it from its key in a <see cref="FieldList"/>.</summary>
    public string Name
    {
        get => _name;
        init
        {
            ArgumentNullException.ThrowIfNull(value);
            _name = value;
        }
    }

    /// <summary>What the field holds.</summary>
    public RequestBody Data
    {
        get => _data;
        init
        {
            ArgumentNullException.ThrowIfNull(value);
            _data = value;
        }
    }

    /// <summary>The name of the file, or null, the default, for a field that is no file. May be empty, which is sent as such.</summary>
    public string? FileName { get; init; }

    /// <summary>
    /// The media type. Default null: the one in <see cref="Headers"/>, else the one <see cref="Data"/> has, else, for a file, the one its
    /// name suggests, or <c>application/octet-stream</c>. Empty for none.
    /// </summary>
    public string? ContentType { get; init; }

    /// <summary>
    /// Further headers of the part, sent in UTF-8 and this order, a <c>Content-Location</c> before the others. Default null, for none.
    /// </summary>
    [AllowNull]
    public HttpHeaderDict Headers
    {
        get => field ?? (IsSealed ? HttpHeaderDict.Empty : field = []);
        init => field = value is null or { IsEmpty: true } ? null : value.AsReadOnly();
    }

    /// <summary>Creates a field that is a file, to be named by its key in a <see cref="FieldList"/>.</summary>
    /// <param name="fileName">The name of the file that the server is told. It is sent as it is; give no path.</param>
    /// <param name="data">The bytes of the file.</param>
    /// <returns>The field.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public static RequestField File(string fileName, RequestBody data)
    {
        ArgumentNullException.ThrowIfNull(fileName);
        return new(data) { FileName = fileName };
    }

    /// <summary>Creates a field that is a file of text, in UTF-8, to be named by its key in a <see cref="FieldList"/>.</summary>
    /// <param name="fileName">The name of the file that the server is told. It is sent as it is; give no path.</param>
    /// <param name="text">The text.</param>
    /// <returns>The field.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="InvalidRequestException">The text holds half of a surrogate pair.</exception>
    public static RequestField File(string fileName, string text) => File(fileName, RequestBody.FromString(text, contentType: null));

    /// <summary>Creates a field from a file on this machine, read as by <see cref="RequestBody.FromFile"/>; its key names it.</summary>
    /// <param name="path">The path; the server is told its last part.</param>
    /// <returns>The field.</returns>
    /// <exception cref="ArgumentException"><paramref name="path"/> is null or empty.</exception>
    public static RequestField FromFile(string path) => File(Path.GetFileName(path), RequestBody.FromFile(path));

#pragma warning disable CA2225 // the constructors are the named ways
    /// <summary>A field of text, to be named by its key in a <see cref="FieldList"/>.</summary>
    /// <param name="text">The text.</param>
    public static implicit operator RequestField(string text) => new(RequestBody.FromString(text, contentType: null));

    /// <summary>A field of a number in decimal digits, to be named by its key in a <see cref="FieldList"/>.</summary>
    /// <param name="number">The number.</param>
    public static implicit operator RequestField(long number) => number.ToString(System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>A field that holds a body, to be named by its key in a <see cref="FieldList"/>.</summary>
    /// <param name="data">The body.</param>
    public static implicit operator RequestField(RequestBody data) => new(data);
#pragma warning restore CA2225

    private protected override void SealCollections() => Headers.Freeze();
}
