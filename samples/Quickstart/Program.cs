using Quickstart;
using Urllib4;

bool explains = args.Contains("--explain");
string[] urls = [.. args.Where(argument => argument != "--explain")];
try
{
    return urls switch
    {
        [] => await SeedPage.Run(explains),
        [var url] => Fetch.One(url, explains),
        _ => await Fetch.Many(urls, explains),
    };
}
catch (HttpException e)
{
    Show.Failure(e);
    return 1;
}
