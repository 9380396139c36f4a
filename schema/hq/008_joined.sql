-- When a node joined: until then it kept its customers itself, and what it decided about them counts.
CREATE INDEX fact_joined ON fact (id) WHERE kind = 'node.enrolled';

-- Only the texts that stand are kept: those that a later customer.set replaced are nobody's any more.
DELETE FROM personal WHERE digest IN (SELECT json_extract(body, '$.digest') FROM fact WHERE kind = 'customer.set')
  AND digest NOT IN (SELECT digest FROM customer) AND digest NOT IN (SELECT digest FROM merged);
