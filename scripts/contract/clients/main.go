// The client that openapi-generator makes for Go: models, a chat, a key, a customer, a node. Each answer is read through its types.
package main

import (
	"context"
	"fmt"
	"net/http"
	"os"

	b3iq "b3iq.example/client/go"
)

func check(what string, holds bool) {
	if !holds {
		fmt.Fprintln(os.Stderr, what, "does not hold")
		os.Exit(1)
	}
}

// must ends the program when the call failed or its answer could not be decoded.
func must[T any](answer *T, _ *http.Response, err error) *T {
	if err != nil {
		fmt.Fprintf(os.Stderr, "%T: %v\n", answer, err)
		os.Exit(1)
	}
	return answer
}

func withKey(key string) context.Context {
	return context.WithValue(context.Background(), b3iq.ContextAccessToken, key)
}

func withHeaders(values map[string]string) context.Context {
	keys := map[string]b3iq.APIKey{}
	for scheme, value := range values {
		keys[scheme] = b3iq.APIKey{Key: value}
	}
	return context.WithValue(context.Background(), b3iq.ContextAPIKeys, keys)
}

func main() {
	configuration := b3iq.NewConfiguration()
	configuration.Servers = b3iq.ServerConfigurations{{URL: os.Getenv("CONTRACT_GATEWAY_URL")}}
	client := b3iq.NewAPIClient(configuration)
	key := withKey(os.Getenv("CONTRACT_GATEWAY_KEY"))
	customer := withHeaders(map[string]string{"customerId": os.Getenv("CONTRACT_CUSTOMER_ID"), "customerToken": os.Getenv("CONTRACT_CUSTOMER_TOKEN")})
	admin := withHeaders(map[string]string{"adminToken": os.Getenv("CONTRACT_ADMIN_TOKEN")})

	model := must(client.ModelsAPI.ListModels(key).Execute()).Data[0].Id

	hello := "Hello"
	message := b3iq.NewChatMessage("user")
	message.SetContent(b3iq.StringAsChatContent(&hello))
	request := b3iq.NewChatCompletionRequest(model, []b3iq.ChatMessage{*message})
	request.SetMaxTokens(8)
	answer := must(client.ChatAPI.CreateChatCompletion(key).ChatCompletionRequest(*request).Execute())
	usage := answer.GetUsage()
	charged := answer.B3iq.GetChargedWei()
	check("some text", answer.Choices[0].Message.GetContent() != "" && answer.Created > 0)
	check("the sum of tokens", usage.PromptTokens+usage.CompletionTokens == usage.TotalTokens)
	check("the charge", charged != "" && charged != "0")

	made := must(client.KeysAPI.CreateKey(customer).GatewayKeyCreate(*b3iq.NewGatewayKeyCreate([]b3iq.KeyScope{b3iq.KEYSCOPE_MODELS_READ})).Execute())
	check("null in a key", made.Label.Get() == nil && made.Policy.Get().MaxPriceWei.Get() == nil && made.ExpiresAt.Get() == nil)
	check("the new key", must(client.ModelsAPI.ListModels(withKey(made.Key)).Execute()).Data[0].Id == model)

	// This client leaves out a list that is nil, and a policy has to say null: so the customer is made without one.
	created := must(client.AdminCustomersAPI.CreateCustomer(admin).CustomerCreate(*b3iq.NewCustomerCreate()).Execute())
	check("null in a customer", created.Label.Get() == nil)
	its := withHeaders(map[string]string{"customerId": created.CustomerId, "customerToken": created.CustomerToken})
	account := must(client.BillingAPI.GetBillingAccount(its).Execute())
	check("null in a policy", account.Policy.MaxPriceWei.Get() == nil && account.Policy.LowBalanceThresholdWei.Get() == nil)

	node := must(client.AdminNodesAPI.GetNode(admin, os.Getenv("CONTRACT_NODE_ID")).Execute())
	check("a number above 2^31", node.Inventory.Get().MemoryBytes > 1<<31 && node.RouteTierOverride.Get() == nil)

	fmt.Printf("%s chatted for %s wei; %s made and used\n", model, charged, made.KeyId)
}
