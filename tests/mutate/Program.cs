using System.CommandLine;
using Talweg.Mutate;

var rooms = new Option<string[]>("--rooms") { Description = $"Rooms to change: {string.Join(", ", Room.All.Select(room => room.Name))}.", DefaultValueFactory = _ => [.. Room.Usual], AllowMultipleArgumentsPerToken = true };
var count = new Option<int>("--count") { Description = "How many changes are drawn.", DefaultValueFactory = _ => 200 };
var seed = new Option<int>("--seed") { Description = "Draws other changes.", DefaultValueFactory = _ => 1 };
var outFolder = new Option<string>("--out") { Description = "Where the copy is built and the results go; a run that was stopped goes on.", Required = true };
var list = new Option<bool>("--list") { Description = "Only list the drawn changes." };
var command = new RootCommand("Changes formulas one at a time, runs the tests of their room, and lists the changes that no test notices.") { rooms, count, seed, outFolder, list };
command.SetAction(parsed =>
{
    Room[] chosen = [.. parsed.GetRequiredValue(rooms).SelectMany(names => names.Split(',')).Select(Find)];
    return MutationRun.Run(chosen, parsed.GetRequiredValue(count), parsed.GetRequiredValue(seed), Path.GetFullPath(parsed.GetRequiredValue(outFolder)), parsed.GetValue(list));
});
return command.Parse(args).Invoke();

static Room Find(string name) => Room.All.FirstOrDefault(room => room.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
    ?? throw new ArgumentException($"There is no room '{name}'; expected some of {string.Join(", ", Room.All.Select(room => room.Name))}.");
