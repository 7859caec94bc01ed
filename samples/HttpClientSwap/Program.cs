using System.Net;
using System.Net.Http.Json;
using HttpClientSwap;
using Urllib4;

await using Shop shop = await Shop.Start();

Console.WriteLine("Over SocketsHttpHandler:");
using (var http = new HttpClient(new SocketsHttpHandler { AutomaticDecompression = DecompressionMethods.All }))
    await Visit(http);

// The one line that changes. The rest of the program is what it was.
Console.WriteLine("Over UrllibHandler:");
using (var http = new HttpClient(new UrllibHandler { AutomaticDecompression = DecompressionMethods.All }))
    await Visit(http);

// What there is besides: pools that show themselves, and calls that tell their story.
Console.WriteLine("And what UrllibHandler can tell besides:");
using var manager = new PoolManager();
using (var http = new HttpClient(new UrllibHandler(manager, disposeManager: false)))
{
    using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(shop.Url, "/old"));
    request.Options.Set(UrllibHandler.RequestOptionsKey, new RequestOptions { Explain = true });
    using HttpResponseMessage response = await http.SendAsync(request);
    Console.WriteLine($"  {UrllibHandler.ReportOf(response)?.ToString().ReplaceLineEndings("\n  ")}");
    foreach ((PoolKey key, HttpConnectionPool pool) in manager.Pools)
        Console.WriteLine($"  {key}: {pool.NumRequests} requests on {pool.NumConnections} connection");
}

async Task Visit(HttpClient http)
{
    http.BaseAddress = shop.Url;
    string page = await http.GetStringAsync("/old");
    Item[]? items = await http.GetFromJsonAsync<Item[]>("/items");
    using HttpResponseMessage added = await http.PostAsJsonAsync("/items", new Item("a spoon", 3));
    try
    {
        await http.GetStringAsync("/nothing");
    }
    catch (HttpRequestException e)
    {
        Console.WriteLine($"  {page}; {items?.Length} items; added: {(int)added.StatusCode}; nothing: {(int?)e.StatusCode}");
    }
}
