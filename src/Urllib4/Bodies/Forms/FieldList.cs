using System.Buffers;
using System.Collections;
using System.Text;
using Urllib4.Bodies;
using Urllib4.Primitives;

namespace Urllib4;

/// <summary>
/// The fields of a request, in order; names may come several times. They become the query of a <c>GET</c>, <c>HEAD</c>, <c>DELETE</c> or
/// <c>OPTIONS</c>, and the body of any other request.
/// </summary>
/// <remarks>Not for several threads while it is written. A request takes over what the list holds when it begins.</remarks>
public sealed class FieldList : IReadOnlyList<RequestField>
{
    private readonly List<RequestField> _fields = [];
    private bool _isReadOnly;

    /// <summary>Creates a list without fields.</summary>
    public FieldList()
    {
    }

    private FieldList(List<RequestField> fields, bool isReadOnly)
    {
        _fields = fields;
        _isReadOnly = isReadOnly;
    }

    /// <summary>Creates a list of fields of text.</summary>
    /// <param name="fields">Names and values, such as a dictionary; copied in their order.</param>
    /// <exception cref="ArgumentNullException"><paramref name="fields"/> or a name or value in it is null.</exception>
    /// <exception cref="ArgumentException">A name is empty.</exception>
    public FieldList(IEnumerable<KeyValuePair<string, string>> fields)
    {
        ArgumentNullException.ThrowIfNull(fields);
        foreach (var (name, value) in fields)
            Add(name, value);
    }

    /// <summary>How many fields there are.</summary>
    public int Count => _fields.Count;

    /// <summary>Whether the list can be changed no more.</summary>
    public bool IsReadOnly => _isReadOnly;

    /// <summary>The field at a position.</summary>
    /// <param name="index">The position, from 0.</param>
    public RequestField this[int index] => _fields[index];

    /// <summary>Gets or sets the field of a name.</summary>
    /// <param name="name">The name; its case matters.</param>
    /// <value>
    /// Got: the first of that name, or null. Set: text, a number, a body or a field; it gets the name, takes the place of the first of that
    /// name, and removes the others; null removes all.
    /// </value>
    /// <exception cref="ArgumentException">Setting a field with an empty name.</exception>
    /// <exception cref="InvalidOperationException">Setting a field of a list that is read-only.</exception>
    public RequestField? this[string name]
    {
        get => _fields.Find(field => field.Name == name);
        set
        {
            ArgumentException.ThrowIfNullOrEmpty(name);
            ThrowIfReadOnly();
            int first = _fields.FindIndex(field => field.Name == name);
            _fields.RemoveAll(field => field.Name == name);
            if (value is not null)
                _fields.Insert(first < 0 ? _fields.Count : first, value with { Name = name });
        }
    }

    /// <summary>Adds a field after all others.</summary>
    /// <param name="field">The field.</param>
    /// <exception cref="ArgumentNullException"><paramref name="field"/> is null.</exception>
    /// <exception cref="ArgumentException">The field has no name.</exception>
    public void Add(RequestField field)
    {
        ArgumentNullException.ThrowIfNull(field);
        Add(field.Name, field);
    }

    /// <summary>Adds a field after all others; those of the same name stay.</summary>
    /// <param name="name">The name, which replaces the one the field may have.</param>
    /// <param name="value">Text, a number, a body or a field.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException">The name is empty.</exception>
    public void Add(string name, RequestField value)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(value);
        ThrowIfReadOnly();
        _fields.Add(value with { Name = name });
    }

    /// <summary>Adds a field of text for each of several values.</summary>
    /// <param name="name">The name of each.</param>
    /// <param name="values">The values, in order; none adds nothing.</param>
    /// <exception cref="ArgumentNullException">An argument or a value is null.</exception>
    /// <exception cref="ArgumentException">The name is empty.</exception>
    public void Add(string name, IEnumerable<string> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        foreach (string value in values)
            Add(name, value);
    }

    /// <summary>Gives the fields in order.</summary>
    public IEnumerator<RequestField> GetEnumerator() => _fields.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>A copy that cannot be changed, or the list itself when it is one.</summary>
    /// <returns>A list whose changing members throw <see cref="InvalidOperationException"/>.</returns>
    public FieldList AsReadOnly() => _isReadOnly ? this : new FieldList([.. _fields], isReadOnly: true);

    /// <summary>No fields, for ever.</summary>
    internal static FieldList Empty { get; } = new([], isReadOnly: true);

    /// <summary>Makes this very list read-only, for who made it and hands it out.</summary>
    internal void Freeze() => _isReadOnly = true;

    /// <summary>The fields as a query, without a question mark.</summary>
    /// <exception cref="InvalidRequestException">A field is a file, is streamed, or has headers of its own.</exception>
    internal string ToQuery() => Encoding.ASCII.GetString(Encode("the query of a URL"));

    /// <summary>The fields as a body.</summary>
    /// <param name="multipart">Whether as multipart/form-data, else urlencoded.</param>
    /// <param name="boundary">The boundary of a multipart body, or null for a new one.</param>
    /// <exception cref="InvalidRequestException">A field cannot be sent in this way.</exception>
    internal RequestBody ToBody(bool multipart, string? boundary = null) => multipart
        ? RequestBody.Multipart(_fields, boundary)
        : RequestBody.FromBytes(Encode("an urlencoded body"), FormEncoding.MediaType);

    private byte[] Encode(string where)
    {
        var output = new ArrayBufferWriter<byte>();
        foreach (var field in _fields)
        {
            if (field.FileName is not null || !field.Headers.IsEmpty || field.Data.InMemory is not { } value)
            {
                throw new InvalidRequestException($"The field '{Escaping.Show(field.Name)}' cannot be sent in {where}: it is a file, is "
                    + "streamed, or has headers of its own, which only a multipart body can carry.");
            }

            FormEncoding.Append(output, field.Name, value.Span);
        }

        return output.WrittenSpan.ToArray();
    }

    private void ThrowIfReadOnly()
    {
        if (_isReadOnly)
            throw new InvalidOperationException("The fields are part of the options of a request, which do not change; make a new list.");
    }
}
