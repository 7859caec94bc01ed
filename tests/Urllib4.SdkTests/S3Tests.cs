using System.Globalization;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;

namespace Urllib4.SdkTests;

/// <summary>The client of S3 by its hook for an HTTP client, against a server of that protocol.</summary>
public sealed class S3Tests : SdkTests
{
    // The least that S3 takes as a part which is not the last one.
    private const int PartSize = 5 * 1024 * 1024;

    [Fact]
    public async Task Objects_are_put_in_parts_streamed_back_listed_and_signed_for()
    {
        using var peer = new S3Peer();
        peer.Start();

        string outcome = await Same(handler => Play(peer, handler));

        Assert.Contains("parts: 2, 5250880 bytes, the same", outcome, StringComparison.Ordinal);
        Assert.Contains("signed: 200, hello from a signed address", outcome, StringComparison.Ordinal);
        Assert.Contains("missing: NotFound NoSuchKey", outcome, StringComparison.Ordinal);
    }

    private static async Task<string> Play(S3Peer peer, HttpMessageHandler handler)
    {
        using var client = new AmazonS3Client(new BasicAWSCredentials(S3Peer.Key, S3Peer.Key), new AmazonS3Config
        {
            ServiceURL = peer.Url,
            ForcePathStyle = true,
            AuthenticationRegion = "us-east-1",
            HttpClientFactory = new OneClient(handler),
            // The server is older than the checksums that follow a body.
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
        });
        string bucket = handler is UrllibHandler ? "ours" : "theirs";
        await client.PutBucketAsync(bucket);
        string parts = await PutParts(client, bucket);
        string signed = await UseSignedAddress(client, bucket, handler);
        ListObjectsV2Response list = await client.ListObjectsV2Async(new ListObjectsV2Request { BucketName = bucket });
        AmazonS3Exception missing = await Assert.ThrowsAnyAsync<AmazonS3Exception>(() => client.GetObjectAsync(bucket, "nothing"));
        await client.DeleteObjectAsync(bucket, "large");
        ListObjectsV2Response rest = await client.ListObjectsV2Async(new ListObjectsV2Request { BucketName = bucket });
        return Facts(
            parts, signed, string.Join(", ", list.S3Objects.Select(static o => $"{o.Key} {o.Size}")),
            $"missing: {missing.StatusCode} {missing.ErrorCode}", string.Join(", ", rest.S3Objects.Select(static o => o.Key)));
    }

    private static async Task<string> PutParts(AmazonS3Client client, string bucket)
    {
        byte[] content = new byte[PartSize + 8000];
        new Random(1).NextBytes(content);
        InitiateMultipartUploadResponse upload = await client.InitiateMultipartUploadAsync(bucket, "large");
        var tags = new List<PartETag>();
        foreach ((int number, Range range) in new[] { (1, ..PartSize), (2, PartSize..) })
        {
            using var part = new MemoryStream(content[range]);
            UploadPartResponse response = await client.UploadPartAsync(new UploadPartRequest
            {
                BucketName = bucket, Key = "large", UploadId = upload.UploadId, PartNumber = number,
                InputStream = part, PartSize = part.Length,
                UseChunkEncoding = false, // the server takes the frames for content
            });
            tags.Add(new PartETag(number, response.ETag));
        }

        await client.CompleteMultipartUploadAsync(new CompleteMultipartUploadRequest
        {
            BucketName = bucket, Key = "large", UploadId = upload.UploadId, PartETags = tags,
        });
        using GetObjectResponse got = await client.GetObjectAsync(bucket, "large");
        using var back = new MemoryStream();
        await got.ResponseStream.CopyToAsync(back);
        bool isSame = back.GetBuffer().AsSpan(0, (int)back.Length).SequenceEqual(content);
        return $"parts: {tags.Count}, {got.ContentLength.ToString(CultureInfo.InvariantCulture)} bytes, {(isSame ? "the same" : "others")}";
    }

    private static async Task<string> UseSignedAddress(AmazonS3Client client, string bucket, HttpMessageHandler handler)
    {
        await client.PutObjectAsync(new PutObjectRequest
        {
            BucketName = bucket, Key = "a small/one", ContentBody = "hello from a signed address", UseChunkEncoding = false,
        });
        string url = await client.GetPreSignedURLAsync(new GetPreSignedUrlRequest
        {
            BucketName = bucket, Key = "a small/one", Protocol = Amazon.S3.Protocol.HTTP,
            Expires = TimeProvider.System.GetUtcNow().AddMinutes(5).UtcDateTime,
        });
        using var http = new HttpClient(handler, disposeHandler: false);
        using HttpResponseMessage response = await http.GetAsync(url);
        return $"signed: {(int)response.StatusCode}, {await response.Content.ReadAsStringAsync()}";
    }

    private sealed class OneClient(HttpMessageHandler handler) : HttpClientFactory
    {
        public override HttpClient CreateHttpClient(IClientConfig clientConfig) => new(handler, disposeHandler: false);
    }
}
