using Urllib4.Bodies;

namespace Urllib4;

/// <content>The body of a form with files.</content>
public abstract partial class RequestBody
{
    /// <summary>
    /// A form as a browser sends it with files: <c>multipart/form-data</c> (RFC 7578), names and file names escaped as the HTML
    /// standard has it. The parts are read one after the other while the body is sent; files are never gathered in memory.
    /// </summary>
    /// <param name="fields">The parts, in order; names may come several times. Small ones in memory are copied.</param>
    /// <param name="boundary">
    /// The boundary between the parts: 1 to 70 of the characters of RFC 2046, section 5.1.1. Default null, for 32 random hexadecimal
    /// digits; whoever gives one must know that no part holds it.
    /// </param>
    /// <returns>
    /// The body; its length is known if that of every part is, and it can be sent again if every part can.
    /// Its <see cref="ContentType"/> names the boundary, without quotes unless the boundary needs them.
    /// </returns>
    /// <exception cref="ArgumentNullException"><paramref name="fields"/> or a field in it is null.</exception>
    /// <exception cref="InvalidRequestException">
    /// The boundary is against its grammar; or a field has no name, a control character or half of a surrogate pair in its name or file
    /// name, a <c>Content-Disposition</c> among its headers, or compressed data, which RFC 7578 has no way to mark.
    /// </exception>
    /// <exception cref="InvalidHeaderException">The content type of a field cannot be sent.</exception>
    public static RequestBody Multipart(IEnumerable<RequestField> fields, string? boundary = null)
    {
        ArgumentNullException.ThrowIfNull(fields);
        return MultipartBody.Of(fields, boundary);
    }
}
